/**
 * The basic board as text, for signage players whose engine is from 2018: the same words, times and rules as the
 * screen, without map, codes and motion. Pure.
 */

import { zoneOffsetMinutes } from "../core/clock";
import { badgeColors } from "../core/color";
import { clockDate, clockTime, wallDay, wallTime } from "../core/time";
import { alertText, formatDate, reasonText, type Texts } from "../i18n";
import { conditionText, type Moment } from "../office/condition";
import { fitGroups, fitRows } from "../office/fit";
import { type BoardRows, chooseRows, type DepartureRow, type DestinationRows, isTimetabled, type OfficeRows, type Option } from "../office/model";
import { SCREEN_TEXTS } from "../office/texts";
import type { Leg, Line, OfficeView } from "../wire";

/** Heights in units, as the style has them. */
const HEAD_AND_FOOT = 21;
const CARD = 13.4;
const STOP = 7.4;
const ROW = 4.5;
const LEAST_ROWS = 3;
const MOST_CARDS = 5;
const ALERT_TURN_MS = 9_000;
/** Characters that fit the tile at full size. */
const LONGEST_BIG = 6;

export interface Sheet extends Moment {
  view: OfficeView | null;
  rows: OfficeRows | null;
  offline: boolean;
  problem: string | null;
  /** Height of the screen in units, and whether it stands upright. */
  height: number;
  portrait: boolean;
}

export function drawBoard(sheet: Sheet): string {
  const { view, rows, now, zoneOffsetMin, texts } = sheet;
  const known = !Number.isNaN(now);
  const condition = conditionText(rows, sheet);
  return `<div class="head"><div class="names"><h1>${escape(view?.office.name ?? texts.brand)}</h1>
    <p class="sub"><span class="day">${known ? escape(formatDate(clockDate(now, zoneOffsetMin), texts)) : escape(texts.connecting)}</span>${
      view?.demo ? `<span class="demo">${texts.demo}</span>` : ""
    }${condition ? `<span class="chip">${escape(condition)}</span>` : ""}</p></div>
    <time class="clock">${known ? clockTime(now, zoneOffsetMin) : ""}</time></div>
    <div class="columns"><div class="how">${rows ? drawHow(rows, sheet) : drawNothing(sheet)}</div>
    <div class="near">${rows ? drawNear(rows, sheet) : ""}</div></div>
    <div class="foot"><span class="alert">${escape(alertNow(sheet))}</span><span class="credit">${escape(view?.attribution.join(" · ") ?? "")}</span></div>`;
}

function drawNothing({ problem, offline, texts }: Sheet): string {
  if (problem !== null) return drawPanel(texts.unavailable, problem);
  return offline ? drawPanel(texts.connecting, texts.offlineLong) : drawPanel(texts.loading, "");
}

function drawPanel(title: string, text: string): string {
  return `<div class="panel"><strong>${escape(title)}</strong><span>${escape(text)}</span></div>`;
}

function drawHow(rows: OfficeRows, sheet: Sheet): string {
  const { texts } = sheet;
  const own = SCREEN_TEXTS[texts.language];
  if (rows.lull === "nothing") return drawPanel(texts.emptyTitle, texts.emptyText);
  if (rows.lull && rows.first !== null) {
    const here = new Date(sheet.now + zoneOffsetMinutes(rows.first) * 60_000).toISOString().slice(0, 10);
    const at = wallTime(rows.first) + (wallDay(rows.first) === here ? "" : ` ${texts.tomorrow}`);
    return rows.lull === "night" ? drawPanel(texts.nightTitle, texts.nightText(at)) : drawPanel(own.pauseTitle, own.pauseText(at));
  }
  if (rows.destinations.length === 0) return drawPanel(own.noDestinations, own.noDestinationsHow);
  const room = (sheet.height - HEAD_AND_FOOT) * (sheet.portrait ? 0.54 : 1);
  const count = Math.min(MOST_CARDS, Math.max(1, Math.floor(room / CARD)));
  return rows.destinations.slice(0, count).map((row) => drawDestination(row, sheet)).join("");
}

function drawDestination(row: DestinationRows, sheet: Sheet): string {
  const { texts } = sheet;
  const [best, next] = row.options;
  const name = `<h3>${escape(row.place.name)}</h3>`;
  if (!best) {
    return `<div class="dest"><div class="when none"><b>–</b></div><div class="body"><div class="place">${name}</div><p class="alt">${escape(texts.emptyDestination)}</p></div></div>`;
  }
  const broken = row.broken[0];
  const other = broken
    ? `<s>${wallTime(broken.suggestion.leave_at)}</s> ${escape(reasonText(broken.suggestion.reason, texts))}`
    : next
      ? `${escape(leaveWords(next, texts))} · ${drawLegs(next.suggestion.legs, sheet)} · ${texts.arrive} ${arrival(next, sheet)}`
      : "";
  return `<div class="dest" data-id="${escape(best.suggestion.id)}">${drawWhen(best, texts)}
    <div class="body"><div class="place">${name}<span>${texts.arrive} <b>${arrival(best, sheet)}</b></span></div>
    <p class="legs">${drawLegs(best.suggestion.legs, sheet)}</p>${other ? `<p class="alt">${other}</p>` : ""}</div></div>`;
}

function drawWhen(option: Option, texts: Texts): string {
  const { minutes, reach } = option;
  if (minutes === null) {
    const long = texts.minutesShort(Math.max(1, Math.round(option.suggestion.duration_s / 60)));
    return `<div class="when free">${escape(texts.anyTime)}<b>${long}</b></div>`;
  }
  if (minutes < 1) return `<div class="when hurry"><b class="${texts.leaveNow.length > LONGEST_BIG ? "long" : ""}">${escape(texts.leaveNow)}</b></div>`;
  return `<div class="when ${reach}">${escape(texts.leaveIn)}<b>${texts.minutesShort(minutes)}</b></div>`;
}

function leaveWords({ minutes }: Option, texts: Texts): string {
  return minutes === null ? texts.anyTime : minutes < 1 ? texts.leaveNow : `${texts.leaveIn} ${texts.minutesShort(minutes)}`;
}

function drawLegs(legs: readonly Leg[], { texts, offline }: Sheet): string {
  const told = legs.map((leg) => {
    if (isTimetabled(leg)) {
      const time = wallTime((offline ? leg.depart.scheduled : null) ?? leg.depart.expected);
      return `${leg.line ? drawBadge(leg.line) : ""} ${escape(leg.from.name)} <b>${time}</b>`;
    }
    const minutes = Math.round((Date.parse(leg.arrive.expected) - Date.parse(leg.depart.expected)) / 60_000);
    return minutes < 1 ? "" : `${escape(texts.modes[leg.mode] ?? leg.mode)} <b>${minutes}</b>`;
  });
  return told.filter(Boolean).join(" › ");
}

function drawNear(rows: OfficeRows, sheet: Sheet): string {
  const { texts } = sheet;
  const own = SCREEN_TEXTS[texts.language];
  const boards = rows.boards.filter((board) => board.rows.length > 0);
  if (rows.lull === "nothing") return "";
  if (boards.length === 0 && rows.mobility.length === 0) return sheet.offline ? "" : drawPanel(own.nearTitle, own.nearText);
  const room = (sheet.height - HEAD_AND_FOOT) * (sheet.portrait ? 0.44 : 1);
  const groups = [
    ...boards.map((board) => ({ base: STOP, row: ROW, count: board.rows.length })),
    { base: STOP, row: ROW, count: rows.mobility.length, most: 3 },
  ];
  const fit = boards.length > 0 ? fitGroups(room, groups, LEAST_ROWS) : fitRows(room, groups);
  const shared = rows.mobility.slice(0, fit[boards.length] ?? 0).map((item) => {
    const form = texts.forms[item.form] ?? texts.forms["other"] ?? item.form;
    const free = item.state === "open" && item.available !== null ? texts.free(item.available) : (texts.mobilityState[item.state] ?? "");
    return `<div class="row"><span class="to">${escape(item.kind === "station" && item.name ? item.name : form)}</span><b>${escape(free)}</b></div>`;
  });
  const drawn = boards.map((board, index) => ((fit[index] ?? 0) > 0 ? drawStop(board, fit[index] ?? 0, sheet) : ""));
  const door = shared.length > 0 ? `<div class="stop"><div class="name"><h3>${escape(texts.atTheDoor)}</h3></div>${shared.join("")}</div>` : "";
  return drawn.join("") + door;
}

function drawStop(board: BoardRows, count: number, sheet: Sheet): string {
  const stale = board.board.realtime === "stale";
  const rows = chooseRows(board.rows, count).map((row) => drawDeparture(row, stale, sheet));
  return `<div class="stop"><div class="name"><h3>${escape(board.board.stop.name)}</h3><span class="walk">${escape(
    sheet.texts.walk(board.walkMinutes),
  )}</span></div>${rows.join("")}</div>`;
}

function drawDeparture(row: DepartureRow, stale: boolean, { texts }: Sheet): string {
  const { departure } = row;
  const note = departure.cancelled
    ? `<span class="note gone">${escape(texts.cancelled)}</span>`
    : row.planned
      ? `<span class="note"><s>${row.planned}</s></span>`
      : "";
  return `<div class="row ${row.reach} ${departure.cancelled ? "cancelled" : ""}" data-id="${escape(departure.id)}">${drawBadge(
    departure.line,
  )}<span class="to">${escape(departure.headsign ?? "")}</span>${note}${row.live && !stale ? "<i></i>" : ""}<b>${row.time}</b></div>`;
}

function drawBadge(line: Line): string {
  const { ground, ink } = badgeColors(line.color, line.text_color, line.mode);
  return `<span class="badge" data-ground="${ground}" data-ink="${ink}">${escape(line.name)}</span>`;
}

function arrival(option: Option, { offsetAt }: Sheet): string {
  return clockTime(option.arriveAt, offsetAt(option.arriveAt));
}

function alertNow({ rows, texts, now }: Sheet): string {
  const told = (rows?.alerts ?? []).map((alert) => alertText(alert, texts)).filter(Boolean);
  return told.length === 0 || Number.isNaN(now) ? (told[0] ?? "") : (told[Math.floor(now / ALERT_TURN_MS) % told.length] ?? "");
}

function escape(text: string): string {
  return text.replace(/[&<>"']/g, (sign) => `&#${sign.charCodeAt(0)};`);
}
