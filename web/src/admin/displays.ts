/** The screens: connect one by its code, see how each fares, and ask things of it. */

import { html, nothing, type TemplateResult } from "lit";
import { instant } from "../core/minutes";
import { formatAge } from "../i18n";
import { icon } from "../parts/icons";
import type { Display, OfficeName } from "./client";
import { Listing } from "./listing";
import { fieldsOf, Panel } from "./panel";

const REFRESH_MS = 15_000;
/** Three beats of a minute. */
const SILENT_S = 180;
const STATES = { green: "fresh", amber: "stale", red: "broken" } as const;

export class DisplaysPanel extends Panel {
  static override properties = { ...Panel.properties, offices: { state: true } };

  declare offices: OfficeName[];
  private readonly displays = new Listing<Display>(this, (query) => this.client.listDisplays(query));
  private timer = 0;
  private readonly code = new URLSearchParams(location.search).get("code") ?? "";

  constructor() {
    super();
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
    [this.offices] = await Promise.all([this.client.listOfficeNames(), this.displays.load()]);
  }

  private async refresh(): Promise<void> {
    const { word } = this;
    await this.act(() => this.load(), word);
  }

  protected override render(): TemplateResult {
    const { own } = this;
    return html`${this.may("partner") ? this.renderClaim() : html`${this.renderTold()}`}
      ${this.displays.render((display) => this.renderDisplay(display), own.sections.displays, own.noDisplays)}`;
  }

  private renderClaim(): TemplateResult {
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
      </form>`;
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
    const health = display.health ?? (age !== null && age < SILENT_S && !display.errors?.length ? "green" : "red");
    const change = (what: Record<string, unknown>): void => void this.change(id, what);
    return html`<li class="card display" data-display=${id}>
      <div class="row">
        <strong>${name}</strong>
        <span class="state ${STATES[health]}" data-health=${health}>${icon(health === "green" ? "check" : "alert")}${own.healths[health]}</span>
        ${display.test ? html`<span class="state stale">${own.test}</span>` : nothing}
        ${display.turning ? html`<span class="state stale">${own.turning}</span>` : nothing}
        ${display.group ? html`<span class="soft">${display.group}</span>` : nothing}
        <span class="soft">${own.seen}: ${age === null ? own.unseen : formatAge(age, this.texts)}</span>
      </div>
      ${this.renderBeat(display)}
      ${this.may("partner") ? this.renderActions(display, id, name, change) : nothing}
    </li>`;
  }

  private renderActions(display: Display, id: string, name: string, change: (what: Record<string, unknown>) => void): TemplateResult {
    const { own } = this;
    const choice = (field: "layout" | "theme", label: string, options: [string, string][]): TemplateResult => html`<select
      name="${field}-${id}"
      aria-label=${label}
      @change=${(event: Event) => change({ [field]: (event.target as HTMLSelectElement).value || null })}
    >
      <option value="" ?selected=${!display[field]}>${label}: ${own.asOffice}</option>
      ${options.map(([value, text]) => html`<option value=${value} ?selected=${display[field] === value}>${label}: ${text}</option>`)}
    </select>`;
    return html`<div class="row actions">
      ${this.renderOffices(`office-${id}`, display.office ?? null, (office) => change({ office }))}
      ${choice("layout", own.layout, Object.entries(own.layouts))}
      ${choice("theme", own.theme, [["dark", own.dark], ["light", own.light], ["daylight", own.daylight]])}
      <button @click=${() => this.rename(id, name)}>${own.rename}</button>
      <button @click=${() => this.regroup(id, display.group ?? "")}>${own.group}</button>
      <button @click=${() => change({ identify: true })}>${own.identify}</button>
      <button @click=${() => change({ reload: true })}>${own.reload}</button>
      <button class="test" @click=${() => change({ test: !display.test })}>${display.test ? own.goLive : own.tryOut}</button>
      <button @click=${() => change({ rotate: true })}>${own.rotate}</button>
      <a class="button" href="/office/${encodeURIComponent(display.office ?? "")}">${own.openScreen}</a>
      <button class="danger revoke" @click=${() => this.revoke(id, name)}>${own.revoke}</button>
    </div>`;
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

  private regroup(id: string, group: string): void {
    const wanted = prompt(this.own.group, group);
    if (wanted !== null) void this.change(id, { group: wanted.trim() });
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
