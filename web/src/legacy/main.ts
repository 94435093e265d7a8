/**
 * The screen for engines that cannot run the other build, from Chromium 64 on: one connection, one picture a second,
 * the same model and words. What a reader would get wrong: nothing here may use what those engines lack; the shared
 * modules' newer calls are filled in by `polyfills`, their newer syntax is lowered by the build.
 */

import "./polyfills";
import { ServerClock } from "../core/clock";
import { Connection, type SocketLike } from "../core/connection";
import { recall, remember } from "../core/held";
import { isQuietTime, languageNow } from "../core/pace";
import { initialState, reduce, type TopicEvent, type TopicState } from "../core/store";
import { chooseTexts } from "../i18n";
import { chooseLooks } from "../office/looks";
import { presentOffice } from "../office/model";
import { Reserve } from "../office/reserve";
import type { OfficeView } from "../wire";
import { drawBoard } from "./draw";

const GRACE_MS = 3_000;
const REMEMBER_MS = 60_000;
const LONG_MS = 2 * 3_600_000;
const SUB = "office";

class LegacyScreen {
  private readonly query = new URLSearchParams(location.search);
  private readonly clock = new ServerClock(() => performance.now());
  private readonly board = document.createElement("div");
  private readonly reserve: Reserve;
  private readonly keep: string;
  private state: TopicState<OfficeView> = initialState<OfficeView>();
  private drawn = "";
  private remembered = -Infinity;

  constructor(
    private readonly office: string,
    token: string | null,
  ) {
    this.keep = `smartreise.office.${office}`;
    this.reserve = new Reserve({ addController() {}, removeController() {}, requestUpdate() {}, updateComplete: Promise.resolve(true) }, this.clock, `smartreise.reserve.${office}`);
    this.reserve.hostConnected();
    const found = recall<OfficeView>(localStorage, this.keep, Date.now());
    if (found) {
      this.clock.assume(found.now, found.zoneOffsetMin, found.timezone);
      this.receive({ type: "recalled", held: found.held });
    }
    const url = location.origin.replace(/^http/, "ws") + "/v1/live" + (token ? `?key=${encodeURIComponent(token)}` : "");
    const connection = new Connection(url, surroundings, {
      opened: () => this.receive({ type: "opened" }),
      lost: () => this.receive({ type: "lost", at: this.clock.now() }),
      serverTime: (iso) => {
        this.clock.observe(iso);
        this.receive({ type: "alive", at: this.clock.now() });
      },
      data: (_sub, data, rev) => {
        this.clock.learn(data);
        this.receive({ type: "data", data: data as OfficeView, rev, at: this.clock.now() });
      },
      failed: (_sub, problem) => this.receive({ type: "failed", problem }),
    });
    connection.subscribe(SUB, "office", { office });
    connection.start();
    addEventListener("online", () => connection.hurry());
    addEventListener("offline", () => connection.drop("the device is offline"));
    this.board.id = "board";
    document.body.innerHTML = "";
    document.body.appendChild(this.board);
    setInterval(() => this.draw(), 1000);
    this.draw();
  }

  private receive(event: TopicEvent<OfficeView>): void {
    this.state = reduce(this.state, event);
    const { held } = this.state;
    if (event.type !== "data" && event.type !== "alive") return;
    if (!held || performance.now() - this.remembered < REMEMBER_MS) return;
    this.remembered = performance.now();
    const { clock } = this;
    const told = { server: clock.now(), device: Date.now(), zoneOffsetMin: clock.zoneOffsetMin, timezone: clock.timezone };
    remember(localStorage, this.keep, held, told);
  }

  private draw(): void {
    const { link, lostAt, confirmed, held, problem } = this.state;
    const { zoneOffsetMin } = this.clock;
    const now = this.clock.now();
    const view = held?.data ?? null;
    const offline = link === "lost" && (!confirmed || lostAt === null || !(now - lostAt < GRACE_MS));
    const rows = view && (confirmed || offline) ? presentOffice(view, now, offline, this.reserve.ahead) : null;
    const looks = chooseLooks(this.query, { theme: null, layout: null }, view?.office ?? null, now, zoneOffsetMin);
    const texts = chooseTexts([this.query.get("lang"), languageNow(view?.office.languages ?? [], now), "nb"]);
    const root = document.documentElement;
    const portrait = innerHeight > innerWidth;
    const unit = portrait ? Math.min(innerWidth / 108, innerHeight / 192) : Math.min(innerWidth / 192, innerHeight / 108);
    root.style.fontSize = `${unit}px`;
    root.lang = texts.tag;
    root.setAttribute("data-theme", looks.theme);
    root.setAttribute("data-state", rows ? rows.state : offline ? "offline" : problem ? "empty" : "loading");
    this.board.className = portrait ? "portrait" : "";
    if (view && confirmed) this.reserve.follow(view);
    const sheet = { now, zoneOffsetMin, offsetAt: (at: number) => this.clock.offsetAt(at), texts, spoken: texts, heldAt: held?.at, view, rows, offline, problem: problem?.detail ?? null, height: innerHeight / unit, portrait };
    this.show(looks.rest === "dark" ? "" : drawBoard(sheet));
    smartreise?.paint();
    if (performance.now() > LONG_MS && isQuietTime(this.office, now, zoneOffsetMin)) startAnew();
  }

  private show(text: string): void {
    if (text === this.drawn) return;
    this.drawn = text;
    // drawBoard escapes whatever comes from data (draw.ts)
    this.board.innerHTML = text; // nosemgrep: no-markup-from-data
    // The content policy of the page forbids style attributes in text; through the object model they may be set.
    for (const badge of Array.from(this.board.querySelectorAll<HTMLElement>(".badge"))) {
      badge.style.backgroundColor = badge.getAttribute("data-ground") ?? "";
      badge.style.color = badge.getAttribute("data-ink") ?? "";
    }
  }
}

const surroundings = {
  open: (url: string): SocketLike => new WebSocket(url) as unknown as SocketLike,
  setTimer: (callback: () => void, ms: number): number => window.setTimeout(callback, ms),
  clearTimer: (id: number): void => window.clearTimeout(id),
  random: (): number => Math.random(),
};

function startAnew(): void {
  const request = new XMLHttpRequest();
  request.open("GET", "/readyz");
  request.timeout = 8_000;
  request.onload = () => {
    if (request.status === 200) location.reload();
  };
  request.send();
}

/** A display that was paired on a newer engine, or an office by its address; pairing itself needs a newer engine. */
function begin(): void {
  const [, page, id] = location.pathname.split("/");
  if (page === "office" && id) {
    new LegacyScreen(decodeURIComponent(id), null);
    return;
  }
  const kept = JSON.parse(localStorage.getItem("smartreise.display") ?? "null") as { office?: string; token?: string } | null;
  if (kept?.office && kept.token) new LegacyScreen(kept.office, kept.token);
  else document.body.innerHTML = '<p id="board">Smart Reiseinfo: /office/…</p>';
}

if (document.body) begin();
else document.addEventListener("DOMContentLoaded", begin);
