import { css } from "lit";

export const commuterStyles = css`
  :host {
    display: grid;
    grid-template-columns: 27.5rem minmax(0, 1fr);
    height: 100vh;
    height: 100dvh;
    font-size: 1rem;
    line-height: 1.4;
    color: var(--ink);
  }
  aside {
    display: flex;
    flex-direction: column;
    min-height: 0;
    background: var(--panel);
    border-right: 1px solid var(--line);
    z-index: 1;
  }
  .map {
    position: relative;
    min-height: 0;
    background: var(--map-ground);
  }
  ::slotted(*) {
    position: absolute !important; /* the map's own style sheet says relative */
    inset: 0;
  }
  .search {
    display: grid;
    gap: 0.5rem;
    padding: 1.1rem 1.25rem 0.9rem;
    border-bottom: 1px solid var(--line);
  }
  .brand {
    display: flex;
    align-items: center;
    gap: 0.7rem;
    margin-bottom: 0.25rem;
  }
  h1 {
    font-size: 1.3rem;
    font-weight: 720;
    letter-spacing: -0.025em;
  }
  .demo {
    font-size: 0.8rem;
  }
  .fields {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: 0.5rem;
  }
  .ends {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.5rem;
    min-width: 0;
  }
  .fields > .round {
    margin-right: -0.6rem;
  }
  button,
  input {
    font: inherit;
    color: inherit;
  }
  .round {
    display: grid;
    place-items: center;
    width: 2.5rem;
    height: 2.5rem;
    border: 0;
    border-radius: 50%;
    background: none;
    color: var(--soft);
    cursor: pointer;
  }
  .round:hover {
    background: var(--raised);
    color: var(--ink);
  }
  :is(button, input, a):focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 1px;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
    align-items: center;
  }
  .chip {
    display: inline-flex;
    align-items: center;
    gap: 0.35rem;
    min-height: 2.1rem;
    padding: 0 0.85rem;
    border: 1px solid var(--line);
    border-radius: 9em;
    background: none;
    color: var(--soft);
    font-size: 0.9rem;
    cursor: pointer;
    white-space: nowrap;
  }
  .chip[aria-pressed="true"],
  .chip[aria-checked="true"] {
    background: var(--ink);
    border-color: var(--ink);
    color: var(--panel);
    font-weight: 560;
  }
  .chip.soft[aria-pressed="true"] {
    background: var(--accent-ground);
    border-color: var(--accent-ground);
    color: var(--accent);
  }
  input[type="time"] {
    min-height: 2.1rem;
    padding: 0 0.5rem;
    border: 1px solid var(--line);
    border-radius: 0.6rem;
    background: var(--panel);
    font-size: 0.95rem;
  }
  .condition {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    padding: 0.5rem 1.25rem;
    color: var(--hurry);
    background: var(--hurry-ground);
    font-size: 0.9rem;
    font-weight: 560;
  }

  .list {
    flex: 1;
    min-height: 0;
    overflow: auto;
    overscroll-behavior: contain;
  }
  .item {
    border-bottom: 1px solid var(--line);
    animation: appear 0.35s ease-out;
  }
  .item.open {
    background: var(--raised);
    box-shadow: inset 4px 0 var(--accent);
  }
  .item.broken {
    background: var(--broken-ground);
  }
  .item > button {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0.35rem 0.75rem;
    align-items: baseline;
    width: 100%;
    padding: 0.9rem 1.25rem 0.8rem;
    border: 0;
    background: none;
    text-align: left;
    cursor: pointer;
  }
  .item > button:hover {
    background: var(--raised);
  }
  .item > button:focus-visible {
    outline-offset: -3px;
  }
  .leave {
    font-size: 1.3rem;
    font-weight: 720;
    letter-spacing: -0.02em;
    line-height: 1.2;
  }
  .leave .icon {
    display: inline-block;
    vertical-align: -0.22em;
    margin-right: 0.1em;
  }
  .leave.go {
    color: var(--go);
  }
  .leave.hurry {
    color: var(--hurry);
  }
  .leave.free {
    color: var(--accent);
  }
  .leave.why {
    color: var(--broken);
  }
  .span {
    font-weight: 640;
    white-space: nowrap;
  }
  .broken .span {
    text-decoration: line-through;
    color: var(--quiet);
  }
  .bar {
    grid-column: 1 / -1;
    display: flex;
    height: 1.75rem;
    border-radius: 0.4rem;
    overflow: hidden;
    font-size: 0.85rem;
    font-weight: 700;
  }
  .bar > span {
    flex: 1 1 0;
    min-width: 1.7rem;
    display: flex;
    align-items: center;
    justify-content: center;
    gap: 0.2rem;
    overflow: hidden;
    white-space: nowrap;
    container-type: size;
  }
  .bar > .wait {
    min-width: 0.35rem;
    background: var(--line);
    opacity: 0.55;
  }
  .bar > .own {
    color: var(--ink);
    background: repeating-linear-gradient(90deg, var(--line) 0 4px, transparent 4px 8px), var(--raised);
    box-shadow: inset 0 0 0 1px var(--line);
  }
  .bar > .own:not(.walk) {
    background: var(--accent-ground);
    color: var(--accent);
  }
  .bar em {
    font-style: normal;
  }
  .bar .icon {
    width: 1rem;
    height: 1rem;
  }
  @container (max-width: 2.7rem) {
    .bar .icon {
      display: none;
    }
  }
  .broken .bar {
    filter: grayscale(0.8);
    opacity: 0.6;
  }
  .facts {
    grid-column: 1 / -1;
    display: flex;
    justify-content: space-between;
    gap: 1rem;
    color: var(--soft);
    font-size: 0.9rem;
  }
  .saved {
    display: inline-flex;
    align-items: center;
    gap: 0.25rem;
    white-space: nowrap;
  }
  .saved .icon {
    color: var(--go);
    width: 1rem;
    height: 1rem;
  }
  .tight {
    color: var(--hurry);
    font-weight: 600;
  }
  .gone {
    color: var(--broken);
  }

  .legs {
    list-style: none;
    margin: 0;
    padding: 0.15rem 1.25rem 1.1rem;
    font-size: 0.95rem;
  }
  .legs > li {
    display: grid;
    grid-template-columns: 3.1rem 0.5rem minmax(0, 1fr);
    gap: 0 0.75rem;
  }
  .legs u {
    width: 6px;
    justify-self: center;
    border-radius: 3px;
    text-decoration: none;
  }
  .legs .ride > u {
    grid-area: 1 / 2 / 3 / 3;
    border-radius: 3px;
    margin: 0.35rem 0;
  }
  .legs .ride > time {
    grid-area: 1 / 1;
  }
  .legs .ride > span {
    grid-area: 1 / 3;
  }
  .legs .ride > time.off {
    grid-area: 2 / 1;
  }
  .legs .ride > span.off {
    grid-area: 2 / 3;
    padding-bottom: 0.45rem;
  }
  .legs .own > u {
    background: radial-gradient(circle, var(--quiet) 2px, transparent 2.5px) 0 0 / 6px 8px;
    margin: 0.3rem 0;
  }
  .legs .own > span {
    padding-bottom: 0.45rem;
  }
  .legs .end > u {
    width: 0.75rem;
    height: 0.75rem;
    margin-top: 0.3rem;
    border-radius: 50%;
    border: 3px solid var(--accent);
  }
  .legs time b {
    font-weight: 640;
    display: block;
  }
  .legs s {
    color: var(--quiet);
    font-size: 0.85rem;
  }
  .legs b {
    font-weight: 600;
  }
  .legs em {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.3rem;
    font-style: normal;
    color: var(--soft);
    padding: 0.12rem 0;
  }
  .legs em .icon {
    width: 1.05rem;
    height: 1.05rem;
  }
  .legs .badge {
    font-size: 0.85rem;
  }
  .stops {
    display: inline-flex;
    align-items: center;
    gap: 0.2rem;
    min-height: 2rem;
    padding: 0 0.6rem 0 0;
    border: 0;
    background: none;
    color: var(--accent);
    cursor: pointer;
  }
  .legs ul {
    list-style: none;
    margin: 0;
    padding: 0 0 0.4rem;
    color: var(--soft);
    font-size: 0.9rem;
  }
  .legs ul time {
    display: inline-block;
    min-width: 2.8rem;
  }

  .words {
    padding: 1.1rem 1.25rem;
    color: var(--soft);
  }
  .quick h2 {
    padding: 0 1.25rem 0.4rem;
    font-size: 0.9rem;
    font-weight: 600;
    color: var(--soft);
  }
  .quick ul {
    list-style: none;
    margin: 0;
    padding: 0 0.65rem;
  }
  .quick li {
    display: flex;
    align-items: center;
  }
  .quick li button {
    flex: 1;
    display: flex;
    align-items: center;
    gap: 0.7rem;
    min-height: 3rem;
    padding: 0 0.6rem;
    border: 0;
    border-radius: 0.6rem;
    background: none;
    text-align: left;
    cursor: pointer;
  }
  .quick li button:hover {
    background: var(--raised);
  }
  .quick .icon {
    color: var(--accent);
  }
  .quick a,
  .foot a {
    color: var(--accent);
    padding: 0.6rem;
    font-size: 0.9rem;
    white-space: nowrap;
  }
  .bone {
    height: 6.5rem;
    margin: 0.75rem 1.25rem;
    border-radius: 0.75rem;
    background: var(--raised);
    animation: breathe 2.4s ease-in-out infinite;
  }
  .foot {
    display: flex;
    align-items: center;
    justify-content: space-between;
    gap: 1rem;
    padding: 0.15rem 0.65rem 0.15rem 1.25rem;
    border-top: 1px solid var(--line);
    color: var(--soft);
    font-size: 0.85rem;
  }
  .foot span {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
  }
  @keyframes appear {
    from {
      opacity: 0;
    }
  }

  /* on a phone the list lies over the lower part of the map */
  @media (max-width: 699px) {
    :host {
      display: block;
      position: relative;
      overflow: hidden;
    }
    .map {
      position: absolute;
      inset: 0 0 auto;
      height: 46dvh;
    }
    aside {
      position: absolute;
      inset: 0;
      background: none;
      border: 0;
      overflow: auto;
      overscroll-behavior: contain;
      pointer-events: none;
      scroll-snap-type: y proximity;
      display: block;
    }
    aside::before {
      content: "";
      display: block;
      height: 34dvh;
      scroll-snap-align: start;
    }
    .sheet {
      pointer-events: auto;
      min-height: 66dvh;
      background: var(--panel);
      border-radius: 1.1rem 1.1rem 0 0;
      box-shadow: 0 -0.5rem 1.75rem var(--shade);
      scroll-snap-align: start;
    }
    .search {
      padding-top: 0.9rem;
    }
    .list {
      overflow: visible;
    }
  }
  @media (min-width: 700px) {
    .sheet {
      display: contents;
    }
  }
`;
