/** The offices: where they are, where their people go, and everything else as the API has it. */

import { html, nothing, type TemplateResult } from "lit";
import { listPlaces } from "../api";
import "../commuter/field";
import { LANGUAGES } from "../i18n/texts";
import { icon } from "../parts/icons";
import type { Place } from "../wire";
import { type Office, Refused } from "./client";
import { fieldsOf, Panel } from "./panel";

const EMPTY: Office = { id: "", name: "", lat: 59.9, lon: 10.7, languages: ["nb", "en"], theme: "dark", destinations: [] };

export class OfficesPanel extends Panel {
  static override properties = {
    offices: { state: true },
    edited: { state: true },
    isNew: { state: true },
    places: { state: true },
    typed: { state: true },
  };

  declare offices: Office[];
  declare edited: Office | null;
  declare isNew: boolean;
  declare places: Place[] | null;
  declare typed: string;
  private search = new AbortController();

  constructor() {
    super();
    this.offices = [];
    this.edited = null;
    this.isNew = false;
    this.places = null;
    this.typed = "";
  }

  protected override async load(): Promise<void> {
    this.offices = await this.client.listOffices();
  }

  protected override render(): TemplateResult {
    const { own } = this;
    if (this.edited) return html`${this.renderForm(this.edited)} ${this.renderTold()}`;
    return html`<div class="row"><button class="main" @click=${() => this.edit(EMPTY, true)}>${own.newOffice}</button></div>
      ${this.renderTold()}
      <ul class="list">
        ${this.offices.map(
          (office) => html`<li class="card" data-office=${office.id}>
            <div class="row"><strong>${office.name}</strong><code>${office.id}</code></div>
            <p class="soft">${office.destinations.map(nameOf).join(" · ")}</p>
            <div class="row actions">
              <button @click=${() => this.edit(office, false)}>${own.edit}</button>
              <a class="button" href="/office/${encodeURIComponent(office.id)}">${own.openScreen}</a>
              <button class="danger" @click=${() => this.removeOffice(office)}>${own.remove}</button>
            </div>
          </li>`,
        )}
      </ul>`;
  }

  private renderForm(office: Office): TemplateResult {
    const { own } = this;
    const number = (name: "lat" | "lon", label: string, most: number): TemplateResult =>
      html`<label
        ><span>${label}</span
        ><input name=${name} type="number" step="any" min=${-most} max=${most} required .value=${String(office[name])}
      /></label>`;
    return html`<form class="card" @submit=${this.save}>
      <h2>${office.name || own.newOffice}</h2>
      <div class="fields">
        ${this.isNew
          ? html`<label><span>${own.id}</span><input name="id" required pattern="[A-Za-z0-9][A-Za-z0-9_.\\-]*" .value=${office.id} /></label>`
          : nothing}
        <label><span>${own.name}</span><input name="name" required .value=${office.name} /></label>
        ${number("lat", own.latitude, 90)} ${number("lon", own.longitude, 180)}
        <label
          ><span>${own.theme}</span
          ><select name="theme">
            <option value="dark" ?selected=${office.theme === "dark"}>${own.dark}</option>
            <option value="light" ?selected=${office.theme === "light"}>${own.light}</option>
            <option value="daylight" ?selected=${office.theme === "daylight"}>${own.daylight}</option>
          </select></label
        >
      </div>
      <fieldset>
        <legend>${own.languages}</legend>
        ${LANGUAGES.map(
          (language) => html`<label class="check"
            ><input type="checkbox" name="language-${language}" .checked=${office.languages.includes(language)} />${language}</label
          >`,
        )}
      </fieldset>
      ${this.renderDestinations(office)}
      <details>
        <summary>${own.more}</summary>
        <label><span>${own.moreHow}</span><textarea name="rest" rows="12" spellcheck="false" .value=${JSON.stringify(restOf(office), null, 2)}></textarea></label>
      </details>
      <div class="row">
        <button class="main">${own.save}</button>
        <button type="button" @click=${() => (this.edited = null)}>${own.cancel}</button>
      </div>
    </form>`;
  }

  private renderDestinations(office: Office): TemplateResult {
    const { own, texts } = this;
    const without = (index: number): Office => ({ ...office, destinations: office.destinations.filter((_, at) => at !== index) });
    return html`<fieldset>
      <legend>${own.destinations}</legend>
      <ol class="destinations">
        ${office.destinations.map(
          (destination, index) => html`<li>
            <span>${nameOf(destination)}</span>
            <button type="button" aria-label="${own.remove} ${nameOf(destination)}" @click=${() => (this.edited = without(index))}>
              ${icon("close")}
            </button>
          </li>`,
        )}
      </ol>
      <sr-place-field
        label=${own.addDestination}
        hint=${own.addDestination}
        end="to"
        name=${this.typed}
        .texts=${texts}
        .places=${this.places}
        @sr-typed=${(event: CustomEvent<string>) => this.find(event.detail, office)}
        @sr-chosen=${(event: CustomEvent<Place>) => this.add(event.detail, office)}
        @sr-cleared=${() => (this.places = null)}
      ></sr-place-field>
    </fieldset>`;
  }

  private async find(text: string, near: Office): Promise<void> {
    this.search.abort();
    this.search = new AbortController();
    const { signal } = this.search;
    try {
      this.places = text.trim() === "" ? null : await listPlaces(text, near, signal);
    } catch {
      if (!signal.aborted) this.places = [];
    }
  }

  private add(place: Place, office: Office): void {
    this.edited = { ...office, destinations: [...office.destinations, place] };
    this.places = null;
    // The field takes a name only when it changes: empty it for the next one.
    this.typed = place.name;
    void this.updateComplete.then(() => (this.typed = ""));
  }

  private edit(office: Office, isNew: boolean): void {
    this.edited = office;
    this.isNew = isNew;
    this.problem = null;
    this.word = "";
  }

  private readonly save = async (event: Event): Promise<void> => {
    const fields = fieldsOf(event);
    const before = this.edited!;
    await this.act(async () => {
      const office = officeOf(before, fields, this.own.notJson);
      await this.client.putOffice(office, this.isNew);
      this.edited = null;
      await this.load();
    }, this.own.saved);
  };

  private async removeOffice(office: Office): Promise<void> {
    if (!confirm(this.own.sureRemove(office.name))) return;
    await this.act(async () => {
      await this.client.deleteOffice(office.id);
      await this.load();
    });
  }
}

const IN_FORM = new Set(["id", "name", "lat", "lon", "languages", "theme", "destinations"]);

/** The settings that have no field of their own. */
function restOf(office: Office): Record<string, unknown> {
  return Object.fromEntries(Object.entries(office).filter(([name]) => !IN_FORM.has(name)));
}

function officeOf(before: Office, fields: Record<string, string>, notJson: string): Office {
  return {
    ...parsed(fields["rest"] ?? "{}", notJson),
    id: fields["id"] ?? before.id,
    name: fields["name"] ?? "",
    lat: Number(fields["lat"]),
    lon: Number(fields["lon"]),
    theme: fields["theme"] ?? before.theme,
    languages: LANGUAGES.filter((language) => fields[`language-${language}`] !== undefined),
    destinations: before.destinations,
  };
}

function parsed(text: string, notJson: string): Record<string, unknown> {
  try {
    return JSON.parse(text) as Record<string, unknown>;
  } catch {
    throw new Refused(400, notJson);
  }
}

function nameOf(destination: unknown): string {
  return (destination as { name?: string }).name ?? "";
}

customElements.define("sr-admin-offices", OfficesPanel);
