/** A suggestion as a code for a phone: the same suggestion, live, wherever its owner walks. */

import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { placeKey } from "../core/place";
import { longAddress, type Origin, wayPath } from "../core/way-code";
import { qr } from "../parts/qr";
import type { Place, Suggestion } from "../wire";
import { isTimetabled, plannedLeave } from "./model";
import type { Scene } from "./scene";
import { SCREEN_TEXTS } from "./texts";

/** Paper in a lit room, not a lamp in a dark one; still eleven to one against the dots. */
const GROUND = "#d3dee6";

/**
 * The address that a phone opens. Short: each letter makes the code's dots smaller. It tells when to leave by the plan,
 * not by real time: the code must not change while it is being scanned. The phone asks the office itself how far and
 * how fast people walk there; only an office whose name does not fit a short address says so in it.
 */
export function handoverAddress(origin: string, office: Origin, to: Place, suggestion: Suggestion): string {
  const at = suggestion.legs.some(isTimetabled) ? plannedLeave(suggestion) : null;
  const destination = office.destinations.findIndex((place) => placeKey(place) === placeKey(to));
  const path = wayPath({ office: office.id, destination, id: suggestion.id, at });
  return path === null ? longAddress(origin, office, to, suggestion.id, at) : origin.toUpperCase() + path;
}

export function renderCode(to: Place, suggestion: Suggestion, scene: Scene): TemplateResult | typeof nothing {
  if (!scene.office) return nothing;
  const address = handoverAddress(scene.publicUrl, scene.office, to, suggestion);
  const label = SCREEN_TEXTS[scene.texts.language].code(to.name);
  return html`<a class="handover" href=${address} tabindex="-1"
    >${guard([address, label], () => qr(address, label, { ecc: "L", border: 2, ground: GROUND }))}</a
  >`;
}
