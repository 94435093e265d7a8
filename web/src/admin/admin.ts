/** The administration's page: who is signed in, and which section is open. */

import { html, LitElement, nothing, type TemplateResult } from "lit";
import { chooseTexts } from "../i18n";
import { base } from "../parts/base.css";
import "../status/status";
import { adminStyles } from "./admin.css";
import { AdminClient, Refused } from "./client";
import "./access";
import "./displays";
import "./keys";
import "./log";
import "./notices";
import "./offices";
import { fieldsOf } from "./panel";
import { ADMIN_TEXTS } from "./texts";

const SECTIONS = ["displays", "offices", "notices", "keys", "access", "feeds", "log"] as const;
/** An administrator's affair alone. */
const ALL_RIGHTS: readonly string[] = ["keys", "access", "log"];
type Section = (typeof SECTIONS)[number];

export class AdminPage extends LitElement {
  static override properties = { who: { state: true }, section: { state: true }, problem: { state: true } };

  declare who: "unknown" | "nobody" | "administrator";
  declare section: Section;
  declare problem: string;

  private readonly client = new AdminClient();
  private readonly query = new URLSearchParams(location.search);
  private readonly texts = chooseTexts([this.query.get("lang"), ...navigator.languages]);
  private readonly own = ADMIN_TEXTS[this.texts.language];

  constructor() {
    super();
    this.who = "unknown";
    this.section = sectionOf(location.hash);
    this.problem = "";
  }

  override connectedCallback(): void {
    super.connectedCallback();
    const wanted = this.query.get("theme");
    const dark = wanted ? wanted === "dark" : matchMedia("(prefers-color-scheme: dark)").matches;
    const root = document.documentElement;
    root.dataset["theme"] = dark ? "dark" : "light";
    root.lang = this.texts.tag;
    document.title = `${this.own.title} – ${this.texts.brand}`;
    addEventListener("hashchange", this.turned);
    this.addEventListener("sr-signed-out", this.signedOut);
    void this.ask();
  }

  override disconnectedCallback(): void {
    super.disconnectedCallback();
    removeEventListener("hashchange", this.turned);
  }

  /** Is there a session from before? */
  private async ask(): Promise<void> {
    try {
      await this.client.resume();
      this.who = "administrator";
    } catch (error) {
      this.who = "nobody";
      this.problem = error instanceof Refused ? "" : this.own.unreached;
    }
  }

  protected override render(): TemplateResult {
    const { own, who } = this;
    document.documentElement.dataset["state"] = who === "unknown" ? "loading" : "fresh";
    return html`<header>
        <h1>${own.title}</h1>
        ${who === "administrator"
          ? html`<span class="row"
              ><span class="soft">${this.client.session?.name} · ${own.roles[this.client.session?.role ?? "reader"]}</span
              ><button @click=${this.signOut}>${own.signOut}</button></span
            >`
          : nothing}
      </header>
      <main>${who === "administrator" ? this.renderSections() : who === "nobody" ? this.renderSignIn() : nothing}</main>`;
  }

  private renderSignIn(): TemplateResult {
    const { own } = this;
    return html`<form class="card sign-in" @submit=${this.signIn}>
      <h2>${own.signInTitle}</h2>
      <p class="soft">${own.signInHow}</p>
      <label><span>${own.token}</span><input name="token" type="password" required autocomplete="current-password" /></label>
      <button class="main">${own.signIn}</button>
      ${this.problem ? html`<div class="problem" role="alert">${this.problem}</div>` : nothing}
    </form>`;
  }

  private renderSections(): TemplateResult {
    const { own, section } = this;
    this.dataset["section"] = section;
    const sections = SECTIONS.filter((name) => this.client.may("admin") || !ALL_RIGHTS.includes(name));
    return html`<nav class="sections" aria-label=${own.title}>
        ${sections.map(
          (name) => html`<a href="#${name}" aria-current=${name === section ? "page" : nothing}>${own.sections[name]}</a>`,
        )}
      </nav>
      ${section === "displays" ? html`<sr-admin-displays .client=${this.client}></sr-admin-displays>` : nothing}
      ${section === "offices" ? html`<sr-admin-offices .client=${this.client}></sr-admin-offices>` : nothing}
      ${section === "notices" ? html`<sr-admin-notices .client=${this.client}></sr-admin-notices>` : nothing}
      ${section === "access" ? html`<sr-admin-access .client=${this.client}></sr-admin-access>` : nothing}
      ${section === "log" ? html`<sr-admin-log .client=${this.client}></sr-admin-log>` : nothing}
      ${section === "keys" ? html`<sr-admin-keys .client=${this.client}></sr-admin-keys>` : nothing}
      ${section === "feeds" ? html`<sr-status class="within"></sr-status>` : nothing}`;
  }

  private readonly signIn = async (event: Event): Promise<void> => {
    const { token } = fieldsOf(event);
    this.problem = "";
    try {
      await this.client.signIn(token ?? "");
      this.who = "administrator";
    } catch (error) {
      const refused = error instanceof Refused ? error : null;
      this.problem = !refused ? this.own.unreached : refused.status === 401 ? this.own.wrongToken : refused.message;
    }
  };

  private readonly signOut = async (): Promise<void> => {
    try {
      await this.client.signOut();
      this.who = "nobody";
    } catch (error) {
      // Still signed in: say so rather than pretend.
      if (error instanceof Refused && error.status === 401) this.who = "nobody";
      else alert(this.own.unreached);
    }
  };

  private readonly signedOut = (): void => {
    this.who = "nobody";
  };

  private readonly turned = (): void => {
    this.section = sectionOf(location.hash);
  };

  static override styles = [base, adminStyles];
}

function sectionOf(hash: string): Section {
  return SECTIONS.find((name) => `#${name}` === hash) ?? "displays";
}

customElements.define("sr-admin", AdminPage);
