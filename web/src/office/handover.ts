/** A suggestion as a code for a phone: the same suggestion, live, wherever its owner walks. */

import { html, type TemplateResult } from "lit";
import { guard } from "lit/directives/guard.js";
import { qr } from "../parts/qr";
import type { Place, Suggestion } from "../wire";
import { placeKey } from "./model";
import type { Scene } from "./scene";
import { SCREEN_TEXTS } from "./texts";

/** Paper in a lit room, not a lamp in a dark one; still twelve to one against the dots. */
const GROUND = "#dfe8ee";

/** The address that a phone opens. Short: each letter makes the code's dots smaller. */
export function handoverAddress(origin: string, office: string, to: Place, suggestion: Suggestion): string {
  const part = (text: string): string => encodeURIComponent(text).replaceAll("%3A", ":").replaceAll("%2C", ",");
  return `${origin}/s?from=${part(office)}&to=${part(placeKey(to))}&id=${part(suggestion.id)}`;
}

export function renderCode(to: Place, suggestion: Suggestion, scene: Scene): TemplateResult {
  const address = handoverAddress(location.origin, scene.office, to, suggestion);
  const label = SCREEN_TEXTS[scene.texts.language].code(to.name);
  return html`<a class="handover" href=${address} tabindex="-1"
    >${guard([address, label], () => qr(address, label, { ecc: "L", border: 2, ground: GROUND }))}</a
  >`;
}
