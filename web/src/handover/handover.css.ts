import { css } from "lit";

export const handoverStyles = css`
  :host {
    display: grid;
    grid-template: "head" auto "map" minmax(14rem, 34dvh) "main" 1fr "foot" auto / minmax(0, 1fr);
    min-height: 100dvh;
    line-height: 1.4;
    background: var(--panel);
    color: var(--ink);
  }
  header {
    grid-area: head;
    display: flex;
    align-items: center;
    gap: 0.7rem;
    padding: 0.75rem 1.25rem;
    border-bottom: 1px solid var(--line);
  }
  .brand {
    color: inherit;
    font-weight: 700;
    letter-spacing: -0.02em;
    text-decoration: none;
    padding: 0.25rem 0;
  }
  header time {
    margin-left: auto;
    font-weight: 600;
  }
  .demo {
    font-size: 0.75rem;
  }
  .map {
    grid-area: map;
    position: relative;
    background: var(--map-ground);
  }
  .map[hidden] {
    display: none;
  }
  :host([data-mapless]) {
    grid-template-rows: auto 0 1fr auto;
  }
  ::slotted(*) {
    position: absolute !important; /* the map's own style sheet says relative */
    inset: 0;
  }
  main {
    grid-area: main;
    padding: 1.1rem 1.25rem 0.5rem;
  }
  h1 {
    font-size: 1.05rem;
    font-weight: 600;
    color: var(--soft);
  }
  h2 {
    font-size: 1rem;
    font-weight: 600;
    color: var(--soft);
  }
  .lead {
    display: flex;
    align-items: center;
    gap: 0.3rem;
    font-size: clamp(1.9rem, 9vw, 2.6rem);
    font-weight: 750;
    letter-spacing: -0.03em;
    line-height: 1.15;
    margin: 0.1rem 0 0.25rem;
    text-wrap: balance;
  }
  .lead .icon {
    width: 0.95em;
    height: 0.95em;
  }
  .lead.go {
    color: var(--go);
  }
  .lead.free {
    color: var(--accent);
  }
  .lead.hurry {
    color: var(--hurry);
  }
  .lead.why {
    color: var(--broken);
    font-size: 1.7rem;
  }
  .sum {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1rem;
    margin-bottom: 0.7rem;
    font-size: 1.15rem;
    font-weight: 600;
    font-variant-numeric: tabular-nums;
  }
  .sum strong {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    font-weight: 600;
  }
  .sum s {
    color: var(--quiet);
  }
  .facts {
    margin-top: 0.4rem;
  }
  .struck {
    filter: grayscale(0.8);
    opacity: 0.6;
  }
  .legs {
    padding: 1.1rem 0 0.5rem;
  }
  .condition,
  .alert {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    margin: 0.6rem 0;
    padding: 0.55rem 0.8rem;
    border-radius: 0.6rem;
    color: var(--hurry);
    background: var(--hurry-ground);
    font-size: 0.95rem;
    font-weight: 560;
  }
  .instead {
    margin-top: 1.5rem;
    padding: 1rem 1.1rem 1.1rem;
    border-radius: 1rem;
    background: var(--raised);
  }
  .action {
    display: inline-block;
    margin-top: 1.1rem;
    padding: 0.75rem 1.4rem;
    border-radius: 0.75rem;
    background: var(--accent);
    color: var(--panel);
    font-weight: 650;
    text-decoration: none;
  }
  .calendar {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    padding: 0.5rem 0;
    color: var(--accent);
  }
  .ending {
    display: grid;
    justify-items: center;
    text-align: center;
    gap: 0.4rem;
    padding: 14vh 0 4rem;
  }
  .ending > .icon {
    width: 3.5rem;
    height: 3.5rem;
    color: var(--quiet);
  }
  .ending h1 {
    font-size: 1.7rem;
    font-weight: 720;
    letter-spacing: -0.02em;
    color: var(--ink);
  }
  .ending p,
  .words {
    color: var(--soft);
    max-width: 26rem;
  }
  .bone {
    height: 9rem;
    margin-top: 1rem;
    border-radius: 1rem;
    background: var(--raised);
    animation: breathe 2.4s ease-in-out infinite;
  }
  footer {
    grid-area: foot;
    align-self: end;
    display: grid;
    gap: 0.4rem;
    padding: 0.9rem 1.25rem 1.1rem;
    color: var(--soft);
    font-size: 0.85rem;
  }
  .preferences select {
    min-height: 2.25rem;
    margin-left: -0.25rem;
    border: 0;
    border-radius: 0.4rem;
    background: none;
    color: var(--soft);
    font: inherit;
  }
  .preferences option {
    background: var(--panel);
    color: var(--ink);
  }
  :is(a, button, select):focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  @media (min-width: 700px) {
    :host {
      grid-template: "head map" auto "main map" 1fr "foot map" auto / 27.5rem minmax(0, 1fr);
      height: 100dvh;
    }
    main {
      overflow: auto;
    }
    :host([data-mapless]) {
      grid-template: "head" auto "main" 1fr "foot" auto / minmax(0, 1fr);
    }
  }
`;
