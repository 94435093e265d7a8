/** A suggestion as a code for a phone: the same suggestion, live, wherever its owner walks. */

import { html, nothing, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { qr } from "../parts/qr";
import type { OfficeItem, Place, Suggestion } from "../wire";
import { isTimetabled, placeKey, plannedLeave } from "./model";
import type { Scene } from "./scene";
import { SCREEN_TEXTS } from "./texts";

/** Paper in a lit room, not a lamp in a dark one; still twelve to one against the dots. */
const GROUND = "#dfe8ee";

/** What of an office a phone must know to find the same suggestion. */
export type Origin = Pick<OfficeItem, "id" | "max_walk_m" | "walk_speed">;

/**
 * The address that a phone opens. Short: each letter makes the code's dots smaller. It tells when to leave by the plan,
 * not by real time: the code must not change while it is being scanned.
 */
export function handoverAddress(origin: string, office: Origin, to: Place, suggestion: Suggestion): string {
  const part = (text: string): string => encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%2C", ",");
  const parts = [`from=${part(office.id)}`, `to=${part(placeKey(to))}`, `id=${part(suggestion.id)}`];
  if (suggestion.legs.some(isTimetabled)) {
    parts.push(`at=${new Date(plannedLeave(suggestion)).toISOString().slice(0, 16)}Z`);
  }
  if (office.max_walk_m) parts.push(`max_walk_m=${office.max_walk_m}`);
  if (office.walk_speed) parts.push(`walk_speed=${office.walk_speed}`);
  return `${origin}/s?${parts.join("&")}`;
}

export function renderCode(to: Place, suggestion: Suggestion, scene: Scene): TemplateResult | typeof nothing {
  if (!scene.office) return nothing;
  const address = handoverAddress(location.origin, scene.office, to, suggestion);
  const label = SCREEN_TEXTS[scene.texts.language].code(to.name);
  return html`<a class="handover" href=${address} tabindex="-1"
    >${guard([address, label], () => qr(address, label, { ecc: "L", border: 2, ground: GROUND }))}</a
  >`;
}
