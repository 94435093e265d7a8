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
  main {
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
  :is(button, input, select, a):focus-visible {
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
  input:is([type="time"], [type="date"]) {
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
  .broken .bar {
    filter: grayscale(0.8);
    opacity: 0.6;
  }
  .star[aria-pressed="true"] {
    color: var(--hurry);
  }
  .star {
    margin-left: auto;
    margin-right: -0.6rem;
  }
  .moment input {
    flex: 1;
    min-width: 8rem;
  }
  .share {
    display: flex;
    flex-wrap: wrap;
    gap: 0.25rem 1.25rem;
    padding: 0 1.25rem 0.9rem;
  }
  .share :is(a, button) {
    display: inline-flex;
    align-items: center;
    gap: 0.4rem;
    min-height: 2.25rem;
    padding: 0;
    border: 0;
    background: none;
    color: var(--accent);
    cursor: pointer;
  }

  .last {
    display: flex;
    align-items: center;
    gap: 0.5rem;
    padding: 0.6rem 1.25rem;
    border-bottom: 1px solid var(--line);
    color: var(--soft);
  }
  .last.warning {
    color: var(--hurry);
    background: var(--hurry-ground);
    font-weight: 560;
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
    flex-wrap: wrap;
    align-items: center;
    justify-content: space-between;
    gap: 0 1rem;
    padding: 0.35rem 0.65rem 0.35rem 1.25rem;
    border-top: 1px solid var(--line);
    color: var(--soft);
    font-size: 0.85rem;
  }
  .preferences {
    margin-left: -0.25rem;
  }
  .preferences select {
    max-width: 7.5rem;
    min-height: 2.25rem;
    padding: 0 0.25rem;
    border: 0;
    border-radius: 0.4rem;
    background: none;
    color: var(--soft);
    font: inherit;
    cursor: pointer;
  }
  .preferences option {
    background: var(--panel);
    color: var(--ink);
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
    main {
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
    main::before {
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
