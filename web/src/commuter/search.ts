/** The search form: between what, when, and by what. It says what was chosen and holds nothing. */

import { html, nothing, type TemplateResult } from "lit";
import type { Texts } from "../i18n";
import { icon } from "../parts/icons";
import type { Place } from "../wire";
import type { CommuterTexts } from "./texts";
import { type End, endOfPlace, type Trip, type When } from "./trip";

export interface Search {
  trip: Trip;
  texts: Texts;
  own: CommuterTexts;
  demo: boolean;
  kept: boolean;
  places: { end: "from" | "to"; found: Place[] } | null;
  nameOf(end: "from" | "to"): string;
  typed(end: "from" | "to", text: string): void;
  chosen(end: "from" | "to", place: End | null): void;
  focused(end: "from" | "to"): void;
  change(part: Partial<Trip>): void;
  when(when: When): void;
  swap(): void;
  locate(): void;
  keep(): void;
}

export function renderSearch(search: Search): TemplateResult {
  const { texts, own, trip } = search;
  return html`<form class="search" role="search" @submit=${(event: Event) => event.preventDefault()}>
    <div class="brand">
      <h1>${texts.brand}</h1>
      ${search.demo ? html`<span class="demo" title=${texts.demoLong}>${texts.demo}</span>` : nothing}
      ${trip.from && trip.to
        ? html`<button
            type="button"
            class="round star"
            aria-pressed=${search.kept ? "true" : "false"}
            aria-label=${own.keep}
            title=${own.keep}
            @click=${() => search.keep()}
          >
            ${icon(search.kept ? "star" : "starOutline")}
          </button>`
        : nothing}
    </div>
    <div class="fields">
      <div class="ends">${renderField("from", search)} ${renderField("to", search)}</div>
      <button type="button" class="round" aria-label=${texts.swap} title=${texts.swap} @click=${() => search.swap()}>
        ${icon("swap")}
      </button>
    </div>
    <div class="chips" role="radiogroup" aria-label=${own.when} @keydown=${(event: KeyboardEvent) => moveWhen(event, search)}>
      ${renderWhen("now", texts.travelNow, search)} ${renderWhen("depart", texts.departAt, search)}
      ${renderWhen("arrive", texts.arriveBy, search)}
    </div>
    ${trip.when === "now" ? nothing : renderMoment(search)}
    <div class="chips" role="group" aria-label=${own.vehicles}>
      ${renderToggle("stepFree", texts.stepFree, search)} ${renderToggle("bike", texts.bike, search)}
      ${renderToggle("car", texts.carShare, search)}
    </div>
  </form>`;
}

function renderField(end: "from" | "to", search: Search): TemplateResult {
  const { texts } = search;
  return html`<sr-place-field
    id=${end}
    .texts=${texts}
    .end=${end}
    .label=${end === "from" ? texts.fromLabel : texts.toLabel}
    .hint=${end === "from" ? texts.fromHint : texts.toHint}
    .name=${search.nameOf(end)}
    .places=${search.places?.end === end ? search.places.found : null}
    @sr-typed=${(event: CustomEvent<string>) => search.typed(end, event.detail)}
    @sr-chosen=${(event: CustomEvent<Place>) => search.chosen(end, endOfPlace(event.detail))}
    @sr-cleared=${() => search.chosen(end, null)}
    @sr-focused=${() => search.focused(end)}
  >
    ${end === "from"
      ? html`<button
          type="button"
          class="round"
          aria-label=${texts.myPosition}
          title=${texts.myPosition}
          @click=${() => search.locate()}
        >
          ${icon("position")}
        </button>`
      : nothing}
  </sr-place-field>`;
}

function renderMoment(search: Search): TemplateResult {
  const { trip, own } = search;
  return html`<div class="chips moment">
    <input
      type="date"
      required
      aria-label=${own.day}
      .value=${trip.day}
      @change=${(event: Event) => take(event, (day) => search.change({ day }))}
    />
    <input
      type="time"
      required
      aria-label=${own.time}
      .value=${trip.time}
      @change=${(event: Event) => take(event, (time) => search.change({ time }))}
    />
  </div>`;
}

/** A field that was emptied says nothing. */
function take(event: Event, use: (value: string) => void): void {
  const { value } = event.target as HTMLInputElement;
  if (value) use(value);
}

function renderWhen(when: When, text: string, search: Search): TemplateResult {
  const chosen = search.trip.when === when;
  return html`<button
    type="button"
    class="chip"
    role="radio"
    aria-checked=${chosen ? "true" : "false"}
    tabindex=${chosen ? "0" : "-1"}
    @click=${() => search.when(when)}
  >
    ${text}
  </button>`;
}

const WHENS: readonly When[] = ["now", "depart", "arrive"];
const STEPS: Record<string, number> = { ArrowRight: 1, ArrowDown: 1, ArrowLeft: -1, ArrowUp: -1 };

function moveWhen(event: KeyboardEvent, search: Search): void {
  const step = STEPS[event.key];
  if (step === undefined) return;
  event.preventDefault();
  const next = (WHENS.indexOf(search.trip.when) + step + WHENS.length) % WHENS.length;
  search.when(WHENS[next]!);
  const buttons = (event.currentTarget as HTMLElement).querySelectorAll<HTMLElement>("[role=radio]");
  buttons[next]?.focus();
}

function renderToggle(name: "stepFree" | "bike" | "car", text: string, search: Search): TemplateResult {
  const on = search.trip[name];
  return html`<button
    type="button"
    class="chip soft"
    aria-pressed=${on ? "true" : "false"}
    @click=${() => search.change({ [name]: !on })}
  >
    ${on ? icon("check") : nothing}${text}
  </button>`;
}
