import { html, type TemplateResult } from "lit";

import { badgeColors } from "../core/color";
import type { Texts } from "../i18n";
import type { Line } from "../wire";
import { icon } from "./icons";
import { paint } from "./paint";

/** A line as its badge: the mode's icon and the line's name, in its own colour, readable whatever the feed says. */
export function badge(line: Line, texts: Texts, struck = false): TemplateResult {
  const colors = badgeColors(line.color, line.text_color, line.mode);
  return html`<span
    class="badge ${struck ? "off" : ""}"
    ${paint({ "background-color": colors.ground, color: colors.ink })}
    title=${texts.modes[line.mode] ?? line.mode}
    >${icon(line.mode)}<span>${line.name}</span></span
  >`;
}
