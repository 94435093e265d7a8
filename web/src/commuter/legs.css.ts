import { css } from "lit";

/** A suggestion as a bar to scale, its facts, and its legs stop by stop. */
export const legStyles = css`
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
    font: inherit;
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
  .legs a {
    color: inherit;
    text-decoration-color: var(--line);
    text-underline-offset: 0.2em;
  }
  .legs a:hover {
    text-decoration-color: currentColor;
  }
  .legs .progress {
    color: var(--ink);
    font-weight: 560;
  }
  .legs .progress .icon {
    color: var(--live);
  }
  .legs small {
    font-size: 0.85rem;
    font-weight: 400;
    color: var(--soft);
  }
  .legs .passed {
    color: var(--quiet);
  }
  .legs .cancelled > span:not(.off) > b {
    text-decoration: line-through;
  }
`;
