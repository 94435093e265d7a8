/** Messages of one's own on screens: in which words, on whose, and for how long. */

import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { wallDay, wallTime } from "../core/time";
import { LANGUAGES } from "../i18n/texts";
import type { Notice, OfficeName } from "./client";
import { Listing } from "./listing";
import { fieldsOf, Panel } from "./panel";

export class NoticesPanel extends Panel {
  static override properties: PropertyDeclarations = { ...Panel.properties, offices: { state: true } };

  declare offices: OfficeName[];
  private readonly notices = new Listing<Notice>(this, (query) => this.client.listNotices(query));

  constructor() {
    super();
    this.offices = [];
  }

  protected override async load(): Promise<void> {
    [this.offices] = await Promise.all([this.client.listOfficeNames(), this.notices.load()]);
  }

  protected override render(): TemplateResult {
    const { own } = this;
    return html`${this.may("partner") ? this.renderForm() : nothing} ${this.renderTold()}
      ${this.notices.render(
        (notice) => html`<li class="card" data-notice=${notice.id}>
          ${LANGUAGES.filter((language) => notice.text[language]).map((language) => html`<p lang=${language}>${notice.text[language]}</p>`)}
          <p class="soft">${this.spanOf(notice)} · ${notice.offices.length > 0 ? notice.offices.join(", ") : own.allOffices}</p>
          ${this.may("partner") ? html`<button class="danger" @click=${() => this.remove_(notice)}>${own.remove}</button>` : nothing}
        </li>`,
        own.sections.notices,
        own.noNotices,
      )}`;
  }

  private renderForm(): TemplateResult {
    const { own } = this;
    return html`<form class="card" @submit=${this.make}>
      <h2>${own.newNotice}</h2>
      ${LANGUAGES.map(
        (language) => html`<label
          ><span>${own.languageNames[language]}</span
          ><input name="text-${language}" maxlength="500" lang=${language} ?required=${language === LANGUAGES[0]} /></label
        >`,
      )}
      <div class="fields">
        <label><span>${own.starts}</span><input name="from" type="datetime-local" /></label>
        <label><span>${own.ends}</span><input name="to" type="datetime-local" /></label>
      </div>
      <fieldset>
        <legend>${own.onScreensOf}</legend>
        ${this.offices.map(
          (office) => html`<label class="check"><input type="checkbox" name="office-${office.id}" />${office.name}</label>`,
        )}
      </fieldset>
      <button class="main">${own.showIt}</button>
    </form>`;
  }

  private spanOf(notice: Notice): string {
    const told = (at: string | null): string => (at === null ? "" : `${wallDay(at)} ${wallTime(at)}`);
    if (notice.from === null && notice.to === null) return this.own.untilRemoved;
    return `${told(notice.from)} – ${told(notice.to)}`;
  }

  private readonly make = async (event: Event): Promise<void> => {
    const fields = fieldsOf(event);
    const form = event.target as HTMLFormElement;
    const texts = LANGUAGES.map((language) => [language, fields[`text-${language}`] ?? ""] as const);
    await this.act(async () => {
      await this.client.makeNotice({
        text: Object.fromEntries(texts.filter(([, text]) => text !== "")),
        from: instantOf(fields["from"]),
        to: instantOf(fields["to"]),
        offices: this.offices.map((office) => office.id).filter((id) => fields[`office-${id}`] !== undefined),
      });
      form.reset();
      await this.load();
    }, this.own.shownNow);
  };

  private async remove_(notice: Notice): Promise<void> {
    await this.act(async () => {
      await this.client.removeNotice(notice.id);
      await this.load();
    });
  }
}

/** As this device's clock has it; an administrator sits where the screens are, or knows better. */
function instantOf(local: string | undefined): string | null {
  return local ? new Date(local).toISOString() : null;
}

customElements.define("sr-admin-notices", NoticesPanel);
