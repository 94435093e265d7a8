import { css, unsafeCSS } from "lit";

/** Where the faint time of a resting screen stands, minute by minute. */
const RESTING_PLACES = unsafeCSS(
  [[8, 12], [52, 70], [30, 40], [74, 20], [12, 78], [64, 48], [40, 14], [78, 80], [22, 58]]
    .map(([left, top], index) => `.resting.p${index} { left: ${left}%; top: ${top}%; }`)
    .join("\n"),
);

/** A phone, or a page that somebody has magnified to twice its size: it is read from near, and scrolls … */
const PHONE = "(max-width: 699px), (max-width: 979px) and (max-height: 560px)";
/** … unless it is a small screen by itself: full, or with nothing to scroll by. What does not fit takes turns there. */
const FULL = "(display-mode: fullscreen)";
const UNTOUCHED = "(any-pointer: none)";

/** Does the page scroll, rather than fit? */
export function scrolls(): boolean {
  return matchMedia(PHONE).matches && ![FULL, UNTOUCHED].some((query) => matchMedia(query).matches);
}

/** One unit is a hundredth of 1080 lines or so: all sizes follow the screen, the smallest text is 2.4 units (24 px). */
export const officeStyles = css`
  :host {
    --u: min(100vw / 192, 100vh / 108);
    display: grid;
    grid-template-rows: calc(10.4 * var(--u)) minmax(0, 1fr) calc(6.4 * var(--u));
    gap: calc(1.5 * var(--u));
    width: 100vw;
    height: 100vh;
    padding: calc(2.4 * var(--u)) calc(3.4 * var(--u)) calc(1.2 * var(--u));
    overflow: hidden;
    cursor: none;
    font-size: calc(2.8 * var(--u));
    line-height: 1.2;
    background: var(--ground);
    color: var(--ink);
  }
  :host([data-rest="dim"]) {
    filter: brightness(0.35);
  }
  :host([data-rest="dark"]) {
    display: block;
    padding: 0;
    background: #000000;
  }
  /* pixels that always show the same burn in: all moves a little, every few minutes */
  .head,
  main,
  footer {
    transform: translate(var(--drift-x, 0), var(--drift-y, 0));
  }
  .resting {
    position: absolute;
    color: #8ba2b4;
    font-size: calc(7 * var(--u));
    font-weight: 500;
  }
  ${RESTING_PLACES}
  ::slotted([slot="map"]) {
    --map-u: var(--u);
  }
  .probe {
    position: absolute;
    visibility: hidden;
    width: calc(100 * var(--u));
    height: 0;
  }

  /* the head: where, when, and how things are */
  .head {
    display: grid;
    grid-template-columns: auto minmax(0, 1fr) auto;
    column-gap: calc(3 * var(--u));
    align-items: center;
  }
  .head > div {
    grid-column: 2;
    min-width: 0;
  }
  .head > div:first-child {
    grid-column: 1 / 3;
  }
  .logo {
    height: calc(8.4 * var(--u));
    max-width: calc(34 * var(--u));
    object-fit: contain;
    object-position: left center;
  }
  h1 {
    font-size: calc(4.8 * var(--u));
    line-height: 1.1;
    font-weight: 680;
    letter-spacing: -0.025em;
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .sub {
    display: flex;
    align-items: center;
    gap: calc(2 * var(--u));
    color: var(--soft);
    font-size: calc(2.9 * var(--u));
    height: calc(4.4 * var(--u));
    margin-top: calc(0.5 * var(--u));
    white-space: nowrap;
  }
  .sub .demo {
    font-size: calc(2.5 * var(--u));
  }
  .sub .day::first-letter {
    text-transform: uppercase;
  }
  .speak {
    display: inline-flex;
    align-items: center;
    gap: 0.4em;
    border: 0;
    padding: 0.18em 0.7em;
    border-radius: 9em;
    font: inherit;
    color: var(--accent);
    background: var(--accent-ground);
    cursor: pointer;
  }
  .speak:not(.offered):not(:focus-visible) {
    position: absolute;
    opacity: 0;
    pointer-events: none;
  }
  .speak:focus-visible {
    outline: 0.14em solid var(--accent);
    outline-offset: 0.14em;
  }
  .condition {
    display: contents;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 0.4em;
    padding: 0.18em 0.7em;
    border-radius: 9em;
    font-weight: 620;
    color: var(--hurry);
    background: var(--hurry-ground);
  }
  .clock {
    font-size: calc(9.6 * var(--u));
    line-height: 1.05;
    font-weight: 640;
    letter-spacing: -0.035em;
  }
  .clock .colon {
    display: inline-block;
    transform: translateY(-0.06em);
    margin: 0 -0.02em;
  }

  main {
    display: grid;
    grid-template-columns: minmax(0, 1.72fr) minmax(0, 1fr);
    gap: calc(2.6 * var(--u));
    min-height: 0;
  }
  section {
    min-height: 0;
    display: grid;
    grid-template-rows: calc(3.2 * var(--u)) minmax(0, 1fr);
    gap: calc(0.6 * var(--u));
  }
  h2 {
    font-size: calc(2.5 * var(--u));
    font-weight: 560;
    color: var(--soft);
    align-self: center;
    display: flex;
    align-items: center;
    justify-content: space-between;
  }
  .pages {
    display: inline-flex;
    gap: calc(0.8 * var(--u));
  }
  .pages i {
    width: calc(1.2 * var(--u));
    height: calc(1.2 * var(--u));
    border-radius: 50%;
    background: var(--line);
    transition: background-color 0.6s;
  }
  .pages i.here {
    background: var(--soft);
  }
  .cards {
    min-height: 0;
    display: flex;
    flex-direction: column;
    gap: calc(1.4 * var(--u));
    overflow: hidden;
  }

  /* a destination: when to leave > where > how > facts */
  .dest {
    flex: 1 1 0;
    min-height: 0;
    max-height: calc(32 * var(--u));
    display: grid;
    grid-template-columns: calc(23 * var(--u)) minmax(0, 1fr) calc(13 * var(--u));
    grid-template-rows: minmax(0, 1fr) auto;
    background: var(--panel);
    border-radius: calc(1.6 * var(--u));
    overflow: hidden;
    animation: appear 0.5s ease-out;
  }
  .when {
    display: flex;
    flex-direction: column;
    justify-content: center;
    gap: calc(0.3 * var(--u));
    padding: 0 calc(1 * var(--u)) 0 calc(2.2 * var(--u));
    white-space: nowrap;
    transition:
      background-color 0.6s,
      color 0.6s;
  }
  .when.go {
    color: var(--go);
    background: var(--go-ground);
  }
  .when.hurry {
    color: var(--hurry);
    background: var(--hurry-ground);
  }
  .when.free {
    color: var(--accent);
    background: var(--accent-ground);
  }
  .when.none {
    color: var(--quiet);
    background: var(--raised);
  }
  .when .lead {
    display: flex;
    align-items: center;
    gap: 0.25em;
    font-size: calc(2.9 * var(--u));
    font-weight: 600;
    line-height: 1.1;
  }
  .when .lead .icon {
    width: 1.3em;
    height: 1.3em;
    margin-left: -0.15em;
  }
  .when .big {
    font-size: calc(5.8 * var(--u));
    line-height: 1.02;
    font-weight: 720;
    letter-spacing: -0.035em;
  }
  .when .big.long {
    font-size: calc(4 * var(--u));
  }
  .body {
    display: flex;
    flex-direction: column;
    justify-content: center;
    gap: calc(1 * var(--u));
    padding: calc(0.6 * var(--u)) calc(2.2 * var(--u));
    min-width: 0;
  }
  .place {
    display: flex;
    align-items: baseline;
    gap: calc(2 * var(--u));
    white-space: nowrap;
  }
  .arrive {
    margin-left: auto;
    flex: none;
  }
  h3 {
    font-size: calc(3.7 * var(--u));
    line-height: 1.1;
    font-weight: 680;
    letter-spacing: -0.02em;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .arrive {
    color: var(--soft);
    font-size: calc(2.7 * var(--u));
  }
  .arrive b {
    color: var(--ink);
    font-size: calc(3.7 * var(--u));
    font-weight: 680;
    letter-spacing: -0.02em;
    margin-left: 0.1em;
  }
  .body sr-legs {
    font-size: calc(2.8 * var(--u));
  }
  /* facts that do not fit beside the name wrap out of sight, whole */
  .facts {
    flex: 1;
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    align-self: center;
    height: 1.5em;
    line-height: 1.5;
    translate: 0 0.12em;
    color: var(--soft);
    font-size: calc(2.4 * var(--u));
    white-space: nowrap;
    overflow: hidden;
  }
  /* a line's first item never wraps: let that be nothing */
  .facts::before {
    content: "";
    height: 1.5em;
  }
  .fact {
    display: inline-flex;
    align-items: center;
    gap: 0.3em;
    margin-right: calc(1.6 * var(--u));
    height: 1.5em;
  }
  .fact.warn {
    color: var(--hurry);
  }
  .fact .icon {
    color: var(--go);
    width: 1.05em;
    height: 1.05em;
  }
  /* for the phone of who steps up to the screen: not brighter than it must be to be read */
  .handover {
    align-self: center;
    justify-self: center;
    width: calc(11.6 * var(--u));
    max-height: 100%;
    aspect-ratio: 1;
    border-radius: calc(0.7 * var(--u));
    overflow: hidden;
    cursor: inherit;
  }
  .handover .qr {
    display: block;
    width: 100%;
    height: 100%;
  }
  .more {
    grid-column: 1 / -1;
    list-style: none;
    padding: 0;
  }
  .alt {
    display: grid;
    grid-template-columns: calc(23 * var(--u)) minmax(0, 1fr) auto calc(13 * var(--u));
    align-items: center;
    height: calc(7 * var(--u));
    border-top: 1px solid var(--line);
    font-size: calc(2.5 * var(--u));
    color: var(--soft);
    animation: appear 0.5s ease-out;
  }
  .alt .min {
    padding-left: calc(2.2 * var(--u));
    display: flex;
    gap: 0.3em;
    align-items: center;
    white-space: nowrap;
  }
  .alt b {
    color: var(--ink);
    font-weight: 640;
  }
  .alt .min.hurry b {
    color: var(--hurry);
  }
  .alt sr-legs {
    padding-left: calc(2.2 * var(--u));
  }
  /* two pixels a dot on a screen of 1080 lines: a phone reads it at arm's length */
  .alt .handover {
    width: calc(6.6 * var(--u));
    border-radius: calc(0.4 * var(--u));
  }
  .alt .end {
    padding: 0 calc(2.2 * var(--u)) 0 calc(1.4 * var(--u));
    white-space: nowrap;
  }
  .alt.broken {
    grid-template-columns: calc(23 * var(--u)) minmax(0, 1fr) auto;
    background: var(--broken-ground);
    border-top-color: transparent;
  }
  .alt.broken .min,
  .alt .why {
    color: var(--broken);
    font-weight: 640;
  }
  .alt.last .why {
    color: var(--hurry);
  }
  .alt.broken s {
    color: var(--soft);
  }
  .nothing {
    color: var(--soft);
  }

  /* what leaves nearby */
  .stop {
    background: var(--panel);
    border-radius: calc(1.6 * var(--u));
    padding: calc(1.1 * var(--u)) calc(1.8 * var(--u));
    flex: none;
    animation: appear 0.5s ease-out;
  }
  .stop .name {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: calc(1.6 * var(--u));
    height: calc(4 * var(--u));
    white-space: nowrap;
  }
  .stop h3 {
    font-size: calc(2.9 * var(--u));
    font-weight: 640;
    line-height: 1.2;
  }
  .stop .walk {
    display: inline-flex;
    align-items: center;
    gap: 0.2em;
    color: var(--soft);
    font-size: calc(2.4 * var(--u));
  }
  .row {
    display: grid;
    grid-template-columns: calc(9.4 * var(--u)) minmax(0, 1fr) auto auto;
    gap: calc(1.3 * var(--u));
    align-items: center;
    height: calc(4.5 * var(--u));
    font-size: calc(2.7 * var(--u));
    animation: appear 0.5s ease-out;
  }
  .row .badge {
    justify-self: start;
    font-size: calc(2.45 * var(--u));
    min-width: calc(8.2 * var(--u));
  }
  .row .to {
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }
  .row .note {
    font-size: calc(2.4 * var(--u));
    white-space: nowrap;
    display: flex;
    gap: 0.6em;
    color: var(--quiet);
  }
  .row .note .warn {
    color: var(--hurry);
    font-weight: 620;
  }
  .row .note .gone {
    color: var(--broken);
    font-weight: 640;
  }
  .row .time {
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: 0.34em;
    font-weight: 650;
    font-size: calc(2.9 * var(--u));
    white-space: nowrap;
    border-radius: 0.3em;
  }
  .row .time .icon {
    color: var(--hurry);
    width: 1em;
    height: 1em;
  }
  /* faded by shape and not by paleness: what cannot be reached must still be readable */
  .row.missed {
    color: var(--quiet);
  }
  .row.missed .badge {
    background: none !important;
    color: var(--quiet) !important;
    box-shadow: inset 0 0 0 0.12em var(--line);
  }
  .row.cancelled .to,
  .row.cancelled .time,
  s {
    text-decoration: line-through;
    text-decoration-thickness: 0.09em;
  }
  .row.cancelled .to,
  .row.cancelled .time {
    color: var(--quiet);
    font-weight: 500;
  }
  .changed {
    animation: notice 4s ease-out;
  }
  .row.shared {
    grid-template-columns: auto minmax(0, 1fr) auto auto;
  }
  .row.shared > .icon {
    color: var(--accent);
  }
  .row.shared .time {
    font-weight: 650;
  }

  /* all there is to say when there is nothing to show */
  .panel {
    flex: 1;
    background: var(--panel);
    border-radius: calc(1.6 * var(--u));
    display: flex;
    flex-direction: column;
    align-items: center;
    justify-content: center;
    text-align: center;
    gap: calc(1.6 * var(--u));
    padding: calc(4 * var(--u));
    color: var(--soft);
    font-size: calc(3.2 * var(--u));
    animation: appear 0.8s ease-out;
  }
  .panel .icon {
    width: calc(12 * var(--u));
    height: calc(12 * var(--u));
    color: var(--accent);
  }
  .panel strong {
    color: var(--ink);
    font-size: calc(5.2 * var(--u));
    letter-spacing: -0.02em;
    font-weight: 680;
  }
  .panel.night .icon {
    color: #b9a7ff;
  }
  .panel.pause,
  .panel.night {
    flex: 1 1 calc(40 * var(--u));
    min-height: calc(40 * var(--u));
  }
  .panel.wrong .icon,
  .panel.unreached .icon {
    color: var(--hurry);
  }
  .near .panel {
    padding: calc(2 * var(--u));
    font-size: calc(2.6 * var(--u));
    gap: calc(1 * var(--u));
  }
  .near .panel strong {
    font-size: calc(3.6 * var(--u));
  }
  .near .panel .icon {
    width: calc(8 * var(--u));
    height: calc(8 * var(--u));
  }
  .bone {
    background: var(--panel);
    border-radius: calc(1.6 * var(--u));
    flex: 1;
    display: grid;
    place-items: center;
    animation: breathe 2.4s ease-in-out infinite;
  }
  .bone:has(.waiting) {
    animation: none;
  }
  .bone .waiting {
    font-size: calc(3.4 * var(--u));
  }

  footer {
    border-top: 1px solid var(--line);
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto auto;
    gap: calc(3 * var(--u));
    align-items: center;
    color: var(--soft);
    font-size: calc(2.4 * var(--u));
  }
  footer .alert {
    display: flex;
    align-items: center;
    gap: 0.5em;
    color: var(--hurry);
    line-height: 1.2;
    animation: appear 1s ease-out;
  }
  footer .alert > span {
    display: -webkit-box;
    -webkit-box-orient: vertical;
    -webkit-line-clamp: 2;
    overflow: hidden;
  }
  footer .count {
    color: var(--soft);
    flex: none;
  }
  footer .age {
    display: inline-flex;
    align-items: center;
    gap: 0.45em;
    white-space: nowrap;
  }
  footer .age.bad {
    color: var(--hurry);
  }
  footer .credit {
    max-width: calc(56 * var(--u));
    white-space: nowrap;
    overflow: hidden;
    text-overflow: ellipsis;
  }

  /* layouts that an office chooses */
  main.one,
  :host([data-layout="ways"]) main,
  :host([data-layout="departures"]) main {
    grid-template-columns: minmax(0, 1fr);
    grid-template-rows: minmax(0, 1fr);
  }
  :host([data-layout="departures"]) .near {
    grid-template-columns: repeat(2, minmax(0, 1fr));
    column-gap: calc(2.6 * var(--u));
  }
  :host([data-layout="departures"]) .near h2 {
    grid-column: 1 / -1;
  }
  :host([data-layout="departures"]) .near .cards:last-child:nth-child(2) {
    grid-column: 1 / -1;
  }
  :host([data-layout="map"]) .near {
    grid-template-rows: calc(3.2 * var(--u)) minmax(0, 1fr) minmax(0, 1fr);
    row-gap: calc(0.6 * var(--u));
  }
  :host([data-layout="map"]) .near .cards {
    margin-top: calc(0.8 * var(--u));
  }
  :host::before {
    content: "";
    position: absolute;
    inset: 0 0 auto;
    height: calc(0.6 * var(--u));
    background: var(--brand, transparent);
  }
  :host([data-rest="dark"])::before {
    content: none;
  }

  @keyframes appear {
    from {
      opacity: 0;
    }
  }
  @keyframes notice {
    0%,
    60% {
      background: var(--hurry-ground);
      box-shadow: 0 0 0 0.25em var(--hurry-ground);
    }
  }

  /* a small screen shows less, in letters that can still be read */
  @media (orientation: landscape) and (max-height: 620px) {
    :host {
      --u: min(100vw / 150, 100vh / 84);
    }
  }

  @media (orientation: portrait) {
    :host {
      --u: min(100vw / 108, 100vh / 192);
    }
    @media (max-width: 620px) {
      :host {
        --u: min(100vw / 96, 100vh / 150);
      }
    }
    :host {
      padding: calc(4 * var(--u)) calc(4 * var(--u)) calc(2 * var(--u));
      grid-template-rows: calc(15.4 * var(--u)) minmax(0, 1fr) calc(11 * var(--u));
      gap: calc(2 * var(--u));
    }
    main {
      grid-template-columns: minmax(0, 1fr);
      grid-template-rows: minmax(0, 1.3fr) minmax(0, 1fr);
      gap: calc(2 * var(--u));
    }
    .head {
      grid-template-rows: calc(10.4 * var(--u)) auto;
      align-items: end;
    }
    .head > div {
      display: contents;
    }
    .sub {
      grid-row: 2;
      grid-column: 1 / -1;
    }
    h1 {
      grid-column: 2;
      align-self: center;
      font-size: calc(4.4 * var(--u));
    }
    .head > div:first-child h1 {
      grid-column: 1 / 3;
    }
    .logo {
      max-width: calc(24 * var(--u));
      align-self: center;
    }
    .clock {
      grid-row: 1;
      grid-column: 3;
      align-self: center;
      font-size: calc(10 * var(--u));
    }
    .dest {
      max-height: calc(40 * var(--u));
    }
    footer {
      grid-template-columns: auto minmax(0, 1fr);
      grid-template-rows: minmax(0, 1fr) auto;
      row-gap: 0;
    }
    footer .alert {
      grid-column: 1 / -1;
    }
    footer .credit {
      justify-self: end;
    }
  }

  /* a phone scrolls, and is read from near */
  @media ${unsafeCSS(PHONE)} {
    @media not all and ${unsafeCSS(FULL)} {
      @media not all and ${unsafeCSS(UNTOUCHED)} {
        :host {
          --u: calc(100vw / 66);
          display: flex;
          flex-direction: column;
          height: auto;
          min-height: 100vh;
          overflow: visible;
          cursor: auto;
          gap: calc(3 * var(--u));
          padding: calc(3.4 * var(--u)) calc(2.8 * var(--u));
        }
        .head {
          grid-template-rows: auto;
        }
        .head > div {
          display: block;
          grid-column: 1 / 3;
        }
        .logo {
          grid-column: 1 / 3;
        }
        h1 {
          white-space: normal;
          font-size: calc(4 * var(--u));
        }
        .sub {
          flex-wrap: wrap;
          height: auto;
          row-gap: calc(0.8 * var(--u));
        }
        .sub {
          margin-top: calc(1 * var(--u));
          font-size: calc(2.5 * var(--u));
        }
        .clock {
          font-size: calc(8 * var(--u));
          align-self: start;
        }
        main,
        section,
        .cards {
          display: flex;
          flex-direction: column;
          overflow: visible;
        }
        .dest {
          flex: none;
          max-height: none;
          grid-template-columns: calc(15.4 * var(--u)) minmax(0, 1fr);
        }
        .handover {
          display: none;
        }
        :host([data-layout]) .near {
          display: flex;
        }
        ::slotted([slot="map"]) {
          height: calc(44 * var(--u));
          flex: none;
        }
        .head,
        main,
        footer {
          transform: none;
        }
        .place {
          flex-wrap: wrap;
          row-gap: 0;
        }
        .facts {
          order: 3;
          flex-basis: 100%;
          height: auto;
          font-size: calc(2.3 * var(--u));
        }
        .when {
          padding: calc(2 * var(--u)) calc(0.6 * var(--u)) calc(2 * var(--u)) calc(1.2 * var(--u));
        }
        .when .lead {
          font-size: calc(2.4 * var(--u));
        }
        .when.free .lead .icon {
          display: none;
        }
        .when .big {
          font-size: calc(3.9 * var(--u));
        }
        .when .big.long {
          font-size: calc(3.2 * var(--u));
        }
        .body {
          padding: calc(1.4 * var(--u)) calc(1.8 * var(--u));
        }
        h3,
        .arrive b {
          font-size: calc(3.2 * var(--u));
        }
        .arrive {
          font-size: calc(2.4 * var(--u));
        }
        .body sr-legs {
          font-size: calc(2.6 * var(--u));
        }
        .alt,
        .alt.broken {
          grid-template-columns: calc(15.4 * var(--u)) minmax(0, 1fr) auto;
          height: calc(5.4 * var(--u));
          font-size: calc(2.4 * var(--u));
        }
        .alt .min {
          padding-left: calc(1.2 * var(--u));
        }
        .alt sr-legs {
          padding-left: calc(1.8 * var(--u));
        }
        .alt .end {
          padding: 0 calc(1.6 * var(--u)) 0 calc(1 * var(--u));
        }
        .alt .changes,
        .alt .word {
          display: none;
        }
        h2 {
          align-self: start;
        }
        .panel {
          min-height: calc(60 * var(--u));
        }
        .bone {
          min-height: calc(16 * var(--u));
          flex: none;
        }
        footer {
          display: flex;
          flex-wrap: wrap;
          gap: calc(1.6 * var(--u));
          padding-top: calc(2 * var(--u));
        }
        footer .alert {
          flex-basis: 100%;
        }
        footer .credit {
          max-width: 100%;
          white-space: normal;
        }
      }
    }
  }
`;
