import { html, type TemplateResult } from "lit";
import { styleMap } from "lit/directives/style-map.js";
import { badgeColors } from "../core/color";
import type { Texts } from "../i18n";
import type { Line } from "../wire";
import { icon } from "./icons";

/** A line as its badge: the mode's icon and the line's name, in its own colour, readable whatever the feed says. */
export function badge(line: Line, texts: Texts, struck = false): TemplateResult {
  const colors = badgeColors(line.color, line.text_color, line.mode);
  return html`<span
    class="badge ${struck ? "off" : ""}"
    style=${styleMap({ background: colors.ground, color: colors.ink })}
    title=${texts.modes[line.mode] ?? line.mode}
    >${icon(line.mode)}<span>${line.name}</span></span
  >`;
}
