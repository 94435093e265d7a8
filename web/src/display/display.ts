/** A screen's page: its pairing, then its office. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { findJson } from "../api";
import { wallTime } from "../core/time";
import { chooseTexts } from "../i18n";
import { Live, TopicController } from "../live";
import { OfficeScreen } from "../office/office";
import { base } from "../parts/base.css";
import { icon } from "../parts/icons";
import { qr } from "../parts/qr";
import type { Feeds } from "../wire";
import { displayStyles } from "./display.css";
import { Faults } from "./faults";
import { type Around, type DisplayState, Pairing } from "./pairing";
import { DISPLAY_TEXTS } from "./texts";

const IDENTIFY_MS = 15_000;
/** It draws itself at least this often, so that it is seen to be alive. */
const PULSE_MS = 10_000;

export class DisplayPage extends LitElement {
  static override properties = { state: { state: true }, identified: { state: true }, publicUrl: { state: true } };

  declare state: DisplayState;
  /** The name that somebody asked it to show. */
  declare identified: string | null;
  /** Origin at which the administrator's own device reaches the service. */
  declare publicUrl: string;

  private readonly query = new URLSearchParams(location.search);
  private readonly texts = chooseTexts([this.query.get("lang"), ...navigator.languages]);
  private readonly faults = new Faults();
  private live = new Live();
  private topic: TopicController<unknown> | null = null;
  private rev: string | null = null;
  private screen: OfficeScreen | null = null;
  private pulse = 0;
  private readonly pairing = new Pairing(this.surroundings(), {
    changed: (state) => this.change(state),
    reload: () => location.reload(),
    identify: (name) => this.identify(name),
  });

  constructor() {
    super();
    this.state = this.pairing.state;
    this.identified = null;
    this.publicUrl = location.origin;
  }

  override connectedCallback(): void {
    super.connectedCallback();
    this.faults.watch();
    this.pulse = window.setInterval(() => this.requestUpdate(), PULSE_MS);
    const [, , display] = location.pathname.split("/");
    this.pairing.start(display ? decodeURIComponent(display) : null);
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    this.faults.end();
    clearInterval(this.pulse);
    this.pairing.stop();
    this.live.stop();
  }

  protected override updated(): void {
    globalThis.smartreise?.paint();
  }

  /** The topic says that something changed; what, is asked with the display's own token. */
  protected override willUpdate(): void {
    const rev = this.topic?.state.held?.rev ?? null;
    if (rev !== null && rev !== this.rev) void this.pairing.check();
    this.rev = rev;
  }

  protected override render(): TemplateResult {
    const { state, identified } = this;
    const running = state.kind === "running";
    if (!running) this.mark();
    return html`${running ? html`<slot></slot>` : this.renderPairing(state)}
    ${state.kind === "running" && state.test ? html`<p class="trial" role="status">${DISPLAY_TEXTS[this.texts.language].trial}</p>` : nothing}
    ${identified !== null ? this.renderName(identified) : nothing}`;
  }

  private change(state: DisplayState): void {
    const before = this.state;
    this.state = state;
    if (state.kind === "waiting" && before.kind !== "waiting") void this.askPublicUrl();
    if (state.kind !== "running") {
      if (before.kind === "running") this.pairAnew();
      return;
    }
    const path = `/display/${encodeURIComponent(state.display)}`;
    if (location.pathname !== path) history.replaceState(null, "", path + location.search);
    if (before.kind !== "running" || before.token !== state.token) this.connect(state.token, state.display);
    if (before.kind !== "running" || before.token !== state.token || before.office !== state.office) {
      this.screen = new OfficeScreen(state.office, this.live);
      this.replaceChildren(this.screen);
    }
    if (this.screen) this.screen.told = { theme: state.theme, layout: state.layout };
  }

  private async askPublicUrl(): Promise<void> {
    this.publicUrl = (await findJson<Feeds>("/v1/feeds"))?.public_url ?? location.origin;
  }

  private connect(token: string, display: string): void {
    this.live.stop();
    this.live = new Live(location.origin, token);
    this.follow(display);
  }

  private pairAnew(): void {
    this.screen = null;
    this.replaceChildren();
    this.follow(null);
    this.live.stop();
    this.live = new Live();
    history.replaceState(null, "", `/display${location.search}`);
  }

  private follow(display: string | null): void {
    this.topic?.stop();
    if (this.topic) this.removeController(this.topic);
    this.topic = null;
    this.rev = null;
    if (display === null) return;
    this.topic = new TopicController(this, this.live);
    this.topic.watch("display", { display });
  }

  private identify(name: string): void {
    this.identified = name;
    setTimeout(() => (this.identified = null), IDENTIFY_MS);
  }

  private mark(): void {
    const root = document.documentElement;
    const { state } = this;
    root.dataset["state"] = state.kind === "running" ? "loading" : !state.reached ? "offline" : state.kind === "waiting" ? "empty" : "loading";
    root.dataset["theme"] = this.query.get("theme") === "light" ? "light" : "dark";
    root.lang = this.texts.tag;
    document.title = this.texts.brand;
  }

  private renderPairing(state: Exclude<DisplayState, { kind: "running" }>): TemplateResult {
    const own = DISPLAY_TEXTS[this.texts.language];
    const code = state.kind === "waiting" ? state.code : null;
    return html`<main class="pairing">
      <div class="words">
        <p class="brand">${this.texts.brand}</p>
        <h1>${own.title}</h1>
        ${code === null
          ? html`<p class="how">${own.starting}</p>`
          : html`<p class="how">${own.how(`${new URL(this.publicUrl).host}/admin`)} ${own.scan}</p>
              <p class="code" role="img" aria-label="${own.code} ${[...code].join(" ")}">
                ${inGroups(code).map((group) => html`<span aria-hidden="true">${group}</span>`)}
              </p>`}
        <p class="note" role="status">
          ${state.reached
            ? code !== null && state.kind === "waiting"
              ? own.validUntil(wallTime(state.expiresAt))
              : nothing
            : html`${icon("offline")}${own.unreached}`}
        </p>
      </div>
      ${code !== null ? qr(`${this.publicUrl}/admin?code=${encodeURIComponent(code)}`, own.qr) : nothing}
    </main>`;
  }

  private renderName(name: string): TemplateResult {
    const own = DISPLAY_TEXTS[this.texts.language];
    return html`<div class="identify" role="status"><span>${own.thisIs}</span><strong>${name}</strong></div>`;
  }

  private surroundings(): Around {
    return {
      ask: async (method, path, bearer, body) => {
        const headers: Record<string, string> = bearer === null ? {} : { Authorization: `Bearer ${bearer}` };
        if (method === "POST") headers["Content-Type"] = "application/json";
        const sent = method === "POST" ? { body: JSON.stringify(body ?? {}) } : {};
        const answer = await fetch(path, { method, headers, cache: "no-store", credentials: "omit", ...sent });
        return { status: answer.status, body: answer.ok && answer.status !== 204 ? await answer.json() : null };
      },
      shelf: localStorage,
      setTimer: (callback, ms) => window.setTimeout(callback, ms),
      clearTimer: (id) => window.clearTimeout(id),
      now: () => this.live.clock.now(),
      report: () => this.report(),
    };
  }

  private report(): Record<string, unknown> {
    const at = this.screen?.shownAt ?? Number.NaN;
    const painted = this.screen?.paintedAt ?? Number.NaN;
    const told = (epochMs: number): string | null => (Number.isNaN(epochMs) ? null : new Date(epochMs).toISOString());
    return {
      version: __VERSION__,
      uptime_s: Math.floor(performance.now() / 1000),
      last_data: told(at),
      last_paint: told(painted),
      last_revision: this.screen?.shownRev ?? null,
      data_age_s: Number.isNaN(at) ? null : Math.max(0, Math.round((this.live.clock.now() - at) / 1000)),
      errors: this.faults.list(),
    };
  }

  static override styles = [base, displayStyles];
}

/** "ABC123" as "ABC 123": easier to carry from a screen to a keyboard. */
function inGroups(code: string): string[] {
  const half = Math.ceil(code.length / 2);
  return code.length < 5 ? [code] : [code.slice(0, half), code.slice(half)];
}

customElements.define("sr-display", DisplayPage);
