/** The screens: connect one by its code, see how each fares, and ask things of it. */

import { html, nothing, type TemplateResult } from "lit";
import { instant } from "../core/minutes";
import { formatAge } from "../i18n";
import { icon } from "../parts/icons";
import type { Display, Office } from "./client";
import { fieldsOf, Panel } from "./panel";

const REFRESH_MS = 15_000;
/** Three beats of a minute. */
const SILENT_S = 180;

export class DisplaysPanel extends Panel {
  static override properties = { displays: { state: true }, offices: { state: true } };

  declare displays: Display[] | null;
  declare offices: Office[];
  private timer = 0;
  private readonly code = new URLSearchParams(location.search).get("code") ?? "";

  constructor() {
    super();
    this.displays = null;
    this.offices = [];
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.timer = window.setInterval(() => {
      if (document.visibilityState === "visible" && !this.problem) void this.refresh();
    }, REFRESH_MS);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    clearInterval(this.timer);
  }

  protected override async load(): Promise<void> {
    [this.displays, this.offices] = await Promise.all([this.client.listDisplays(), this.client.listOffices()]);
  }

  private async refresh(): Promise<void> {
    const { word } = this;
    await this.act(() => this.load(), word);
  }

  protected override render(): TemplateResult {
    const { own } = this;
    return html`<form class="card" @submit=${this.claim}>
        <h2>${own.claimTitle}</h2>
        <p class="soft">${own.claimHow}</p>
        <div class="fields">
          <label
            ><span>${own.code}</span
            ><input name="code" class="code" required autocomplete="off" autocapitalize="characters" maxlength="9" .value=${this.code}
          /></label>
          <label><span>${own.office}</span>${this.renderOffices("office", null)}</label>
          <button class="main">${own.claim}</button>
        </div>
        ${this.renderTold()}
      </form>
      ${this.displays?.length === 0 ? html`<p class="soft">${own.noDisplays}</p>` : nothing}
      <ul class="list">
        ${this.displays?.map((display) => this.renderDisplay(display))}
      </ul>`;
  }

  private renderOffices(name: string, chosen: string | null, change?: (id: string) => void): TemplateResult {
    return html`<select
      name=${name}
      required
      aria-label=${this.own.office}
      @change=${(event: Event) => change?.((event.target as HTMLSelectElement).value)}
    >
      ${this.offices.map((office) => html`<option value=${office.id} ?selected=${office.id === chosen}>${office.name}</option>`)}
    </select>`;
  }

  private renderDisplay(display: Display): TemplateResult {
    const { own } = this;
    const id = idOf(display);
    const name = display.name || id;
    // Ages against this device's clock: an administrator's machine, and minutes do.
    const age = display.last_seen ? (Date.now() - instant(display.last_seen)) / 1000 : null;
    const well = age !== null && age < SILENT_S && !display.errors?.length;
    const change = (what: Record<string, unknown>): void => void this.change(id, what);
    return html`<li class="card display" data-display=${id}>
      <div class="row">
        <strong>${name}</strong>
        <span class="state ${well ? "fresh" : "stale"}">${icon(well ? "check" : "alert")}${well ? own.well : own.silent}</span>
        <span class="soft">${own.seen}: ${age === null ? own.unseen : formatAge(age, this.texts)}</span>
      </div>
      ${this.renderBeat(display)}
      <div class="row actions">
        ${this.renderOffices(`office-${id}`, display.office ?? null, (office) => change({ office }))}
        <button @click=${() => this.rename(id, name)}>${own.rename}</button>
        <button @click=${() => change({ identify: true })}>${own.identify}</button>
        <button @click=${() => change({ reload: true })}>${own.reload}</button>
        <a class="button" href="/office/${encodeURIComponent(display.office ?? "")}">${own.openScreen}</a>
        <button class="danger" @click=${() => this.revoke(id, name)}>${own.revoke}</button>
      </div>
    </li>`;
  }

  private renderBeat(display: Display): TemplateResult {
    const { own, texts } = this;
    const data = display.last_data ? formatAge((Date.now() - instant(display.last_data)) / 1000, texts) : null;
    const told: [string, string | null][] = [
      [own.version, display.version ?? null],
      [own.uptime, display.uptime_s == null ? null : texts.minutesShort(Math.floor(display.uptime_s / 60))],
      [own.lastData, data],
      [own.errors, display.errors?.length ? display.errors.join("; ") : null],
    ];
    return html`<p class="soft beat">
      ${told.filter(([, value]) => value !== null).map(([label, value]) => html`<span>${label}: ${value}</span>`)}
    </p>`;
  }

  private readonly claim = async (event: Event): Promise<void> => {
    const { code, office } = fieldsOf(event);
    const form = event.target as HTMLFormElement;
    const worked = await this.act(async () => {
      await this.client.claim(code ?? "", office ?? "");
      await this.load();
    }, this.own.claimed);
    if (worked) form.querySelector<HTMLInputElement>(".code")!.value = "";
  };

  private async change(id: string, what: Record<string, unknown>): Promise<void> {
    await this.act(async () => {
      await this.client.changeDisplay(id, what);
      await this.load();
    }, this.own.saved);
  }

  private rename(id: string, name: string): void {
    const wanted = prompt(this.own.name, name)?.trim();
    if (wanted) void this.change(id, { name: wanted });
  }

  private async revoke(id: string, name: string): Promise<void> {
    if (!confirm(this.own.sureRevoke(name))) return;
    await this.act(async () => {
      await this.client.revokeDisplay(id);
      await this.load();
    });
  }
}

function idOf(display: Display): string {
  return display.id ?? display.display ?? "";
}

customElements.define("sr-admin-displays", DisplaysPanel);
