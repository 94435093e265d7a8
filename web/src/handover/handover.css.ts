import { css } from "lit";

export const handoverStyles = css`
  :host {
    display: grid;
    grid-template: "head" auto "map" minmax(14rem, 34dvh) "main" 1fr "foot" auto / minmax(0, 1fr);
  }
  header {
    grid-area: head;
    border-bottom: 1px solid var(--line);
  }
  .brand {
    color: inherit;
    font-weight: 700;
    letter-spacing: -0.02em;
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
  .instead {
    margin-top: 1.5rem;
    padding: 1rem 1.1rem 1.1rem;
    border-radius: 1rem;
    background: var(--raised);
  }
  .calendar {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    padding: 0.5rem 0;
    color: var(--accent);
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
  }
  footer {
    grid-area: foot;
    align-self: end;
    display: grid;
    gap: 0.4rem;
    padding: 0.9rem 1.25rem 1.1rem;
  }
  .preferences select {
    margin-left: -0.25rem;
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
