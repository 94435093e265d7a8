/** What leaves nearby, stop by stop, and the shared vehicles at the door. */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { badge } from "../parts/badge";
import { icon } from "../parts/icons";
import { liveDot } from "../parts/live";
import type { OfficeMobility } from "../wire";
import { type BoardRows, chooseRows, type DepartureRow } from "./model";
import type { Scene } from "./scene";

export function renderBoard(board: BoardRows, count: number, scene: Scene): TemplateResult {
  const { texts } = scene;
  return html`<article class="stop">
    <div class="name">
      <h3>${board.board.stop.name}</h3>
      <span class="walk">${icon("walk")}${texts.walk(board.walkMinutes)}</span>
    </div>
    ${board.rows.length === 0 ? html`<div class="nothing">${texts.emptyBoard}</div>` : nothing}
    ${repeat(
      chooseRows(board.rows, count),
      (row) => row.departure.id,
      (row) => renderDeparture(row, board.board.realtime === "stale", scene),
    )}
  </article>`;
}

function renderDeparture(row: DepartureRow, stale: boolean, scene: Scene): TemplateResult {
  const { texts } = scene;
  const { departure } = row;
  const changed = scene.hasChanged(departure.id);
  return html`<div
    class="row ${row.reach} ${departure.cancelled ? "cancelled" : ""}"
    data-id=${departure.id}
    data-reach=${row.reach}
  >
    ${badge(departure.line, texts, departure.cancelled)}
    <span class="to">${departure.headsign ?? ""}</span>
    <span class="note">
      ${departure.platform_changed && departure.quay
        ? html`<span class="warn">${texts.platformChanged} ${departure.quay}</span>`
        : nothing}
      ${departure.cancelled ? html`<span class="gone">${texts.cancelled}</span>` : nothing}
      ${row.planned ? html`<s>${row.planned}</s>` : nothing}
      ${row.day !== scene.today ? texts.tomorrow : nothing}
    </span>
    <span class="time ${changed ? "changed" : ""}">
      ${row.reach === "hurry" && !departure.cancelled ? icon("run", texts.hurry) : nothing}
      ${row.live ? liveDot(texts, stale) : nothing}
      <time>${row.time}</time>
      ${row.reach === "missed" ? html`<span class="sr">${texts.justMissed}</span>` : nothing}
    </span>
  </div>`;
}

export function renderShared(items: readonly OfficeMobility[], scene: Scene): TemplateResult {
  const { texts } = scene;
  return html`<article class="stop door">
    <div class="name"><h3>${texts.atTheDoor}</h3></div>
    ${repeat(items, (item) => item.id, (item) => renderSharedRow(item, scene))}
  </article>`;
}

function renderSharedRow(item: OfficeMobility, scene: Scene): TemplateResult {
  const { texts } = scene;
  const open = item.state === "open" && item.available !== null;
  const form = texts.forms[item.form] ?? texts.forms["other"] ?? item.form;
  const name = item.kind === "station" && item.name ? item.name : form;
  return html`<div class="row shared" data-id=${item.id}>
    ${icon(item.form, form)}
    <span class="to">${name}</span>
    <span class="note">${texts.walk(Math.round(item.walk_s / 60))}</span>
    <span class="time">
      ${open ? texts.free(item.available ?? 0) : (texts.mobilityState[item.state] ?? texts.mobilityState["unknown"])}
    </span>
  </div>`;
}
