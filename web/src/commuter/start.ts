/** What stands where the list will be, until both ends are chosen: kept journeys, offices, an office's destinations. */

import { html, nothing, type TemplateResult } from "lit";
import type { Texts } from "../i18n";
import { icon } from "../parts/icons";
import type { OfficeItem } from "../wire";
import type { Favourite } from "./favourites";
import type { CommuterTexts } from "./texts";
import { type End, endOfPlace, type Trip } from "./trip";

export interface Start {
  trip: Trip;
  texts: Texts;
  own: CommuterTexts;
  offices: readonly OfficeItem[];
  favourites: readonly Favourite[];
  chosen(end: "from" | "to", place: End): void;
  travel(favourite: Favourite): void;
  forget(favourite: Favourite): void;
}

export function renderStart(start: Start): TemplateResult {
  const { texts, trip, offices } = start;
  const office = offices.find((item) => item.id === trip.from?.value);
  const none = !trip.from && !trip.to;
  return html`${none && start.favourites.length > 0 ? renderFavourites(start) : nothing}
    <p class="words">${texts.askBoth}</p>
    ${office && !trip.to && office.destinations.length > 0
      ? html`<section class="quick" aria-labelledby="destinations">
          <h2 id="destinations">${texts.toLabel}</h2>
          <ul>
            ${office.destinations.map(
              (place) => html`<li>
                <button type="button" @click=${() => start.chosen("to", endOfPlace(place))}>
                  ${icon("place")}<span>${place.name}</span>
                </button>
              </li>`,
            )}
          </ul>
        </section>`
      : nothing}
    ${!trip.from && offices.length > 0 ? renderOffices(start) : nothing}`;
}

function renderFavourites(start: Start): TemplateResult {
  const { own } = start;
  return html`<section class="quick favourites" aria-labelledby="favourites">
    <h2 id="favourites">${own.favourites}</h2>
    <ul>
      ${start.favourites.map((favourite) => {
        const name = `${favourite.from.name ?? favourite.from.value} – ${favourite.to.name ?? favourite.to.value}`;
        return html`<li>
          <button type="button" @click=${() => start.travel(favourite)}>${icon("star")}<span>${name}</span></button>
          <button type="button" class="round" aria-label=${own.forget(name)} title=${own.forget(name)} @click=${() => start.forget(favourite)}>
            ${icon("close")}
          </button>
        </li>`;
      })}
    </ul>
  </section>`;
}

function renderOffices(start: Start): TemplateResult {
  const { texts } = start;
  return html`<section class="quick" aria-labelledby="offices">
    <h2 id="offices">${texts.offices}</h2>
    <ul>
      ${start.offices.map(
        (office) => html`<li>
          <button
            type="button"
            aria-label="${texts.startHere}: ${office.name}"
            @click=${() => start.chosen("from", { value: office.id, name: office.name, lat: office.lat, lon: office.lon })}
          >
            ${icon("office")}<span>${office.name}</span>
          </button>
          <a href="/office/${encodeURIComponent(office.id)}" aria-label="${texts.openScreen}: ${office.name}">${texts.openScreen}</a>
        </li>`,
      )}
    </ul>
  </section>`;
}
