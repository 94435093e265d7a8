/** The two columns of the screen, as many rows of each as its height holds. */

import { html, nothing, type TemplateResult } from "lit";
import { repeat } from "lit/directives/repeat.js";
import { turn } from "../core/pace";
import { placeKey } from "../core/place";
import { noDestinations, lullPanel, nothingNear } from "./empty";
import { fitGroups } from "./fit";
import type { BoardRows, DestinationRows, OfficeRows } from "./model";
import { renderBoard, renderShared } from "./nearby";
import type { Scene } from "./scene";
import { SCREEN_TEXTS } from "./texts";
import { renderDestination } from "./ways";

/** Heights in units, as office.css has them. */
const CARD = 12;
const CARD_GAP = 1.4;
const ALT = 7;
const STOP = 7.7;
const ROW = 4.5;
const PANEL = 40;
/** As many cards stand still; more take turns. */
const MOST_CARDS = 5;
const CARDS_IN_TURN = 4;
const TURN_MS = 20_000;
const LEAST_ROWS = 3;
const MOST_SHARED = 4;
const PHONE_ROWS = 6;
const PHONE_WAYS = 4;

/** Heights of the columns in units; null on a phone, where the page scrolls. */
export interface Room {
  how: number;
  near: number;
}

export interface Cards {
  shown: DestinationRows[];
  page: number;
  pages: number;
}

/** The destinations on the screen now. */
export function cardsNow(rows: OfficeRows, room: Room | null, now: number): Cards {
  const all = rows.lull ? rows.destinations.filter((row) => row.options.length > 0) : rows.destinations;
  if (room === null) return { shown: all, page: 0, pages: 1 };
  const height = room.how + CARD_GAP - (rows.lull ? PANEL + CARD_GAP : 0);
  const fit = Math.floor(height / (CARD + CARD_GAP));
  if (rows.lull) return { shown: all.slice(0, Math.max(0, fit)), page: 0, pages: 1 };
  const most = Math.min(MOST_CARDS, fit);
  return all.length <= most ? { shown: all, page: 0, pages: 1 } : turn(all, Math.min(CARDS_IN_TURN, fit), now, TURN_MS);
}

export function renderHow(rows: OfficeRows, cards: Cards, room: Room | null, scene: Scene): TemplateResult {
  if (rows.lull === null && rows.destinations.length === 0) return noDestinations(scene.texts);
  const more = room === null ? PHONE_WAYS - 1 : moreRows(cards.shown.length, room.how - (rows.lull ? PANEL + CARD_GAP : 0));
  return html`${rows.lull ? lullPanel(rows, scene) : nothing}
  ${repeat(
    cards.shown,
    (row) => placeKey(row.place),
    (row) => renderDestination(row, more, scene),
  )}`;
}

/** Dots that tell which page of the destinations this is. */
export function renderPages({ page, pages }: Cards, scene: Scene): TemplateResult | typeof nothing {
  if (pages < 2) return nothing;
  const label = SCREEN_TEXTS[scene.texts.language].takesTurns(page + 1, pages);
  return html`<span class="pages" role="img" aria-label=${label}
    >${Array.from({ length: pages }, (_, index) => html`<i class=${index === page ? "here" : ""}></i>`)}</span
  >`;
}

/** Cards share the height alike, so each takes as many further rows as its own share holds. */
function moreRows(cards: number, height: number): number {
  const share = cards > 0 ? (height + CARD_GAP) / cards - CARD_GAP : 0;
  return Math.min(3, Math.max(0, Math.floor((share - CARD) / ALT)));
}

/** @param columns side by side, where the departures have the screen to themselves */
export function renderNear(rows: OfficeRows, room: Room | null, scene: Scene, columns: number): TemplateResult {
  const boards = rows.boards.filter((board) => board.rows.length > 0 || room === null);
  if (boards.length === 0 && rows.mobility.length === 0 && !scene.offline) {
    return html`<div class="cards">${nothingNear(scene.texts)}</div>`;
  }
  const parts = Array.from({ length: columns }, (_, column) => boards.filter((_board, index) => index % columns === column));
  return html`${parts.map((part, column) => renderColumn(part, column === columns - 1 ? rows : null, room, scene))}`;
}

/** @param rows whose shared vehicles stand in this column, if in any */
function renderColumn(boards: BoardRows[], rows: OfficeRows | null, room: Room | null, scene: Scene): TemplateResult {
  const mobility = rows?.mobility ?? [];
  const groups = [
    ...boards.map((board) => ({ base: STOP, row: ROW, count: Math.max(1, board.rows.length) })),
    { base: STOP, row: ROW, count: mobility.length, most: MOST_SHARED },
  ];
  const fit = room === null ? groups.map(() => PHONE_ROWS) : fitGroups(room.near + CARD_GAP, groups, LEAST_ROWS);
  const shared = mobility.slice(0, fit[boards.length] ?? 0);
  return html`<div class="cards">
    ${repeat(
      boards.map((board, index) => ({ board, count: fit[index] ?? 0 })).filter((item) => item.count > 0),
      (item) => item.board.board.stop.id,
      (item) => renderBoard(item.board, item.count, scene),
    )}
    ${shared.length > 0 ? renderShared(shared, scene) : nothing}
  </div>`;
}

