import { css } from "lit";

/** What a page about one thing has, a stop's or a journey's: its notes, its preferences, its end. */
export const sheetStyles = css`
  :host {
    min-height: 100dvh;
    line-height: 1.4;
    background: var(--panel);
    color: var(--ink);
  }
  header {
    display: flex;
    align-items: center;
    gap: 0.7rem;
    padding: 0.75rem 1.25rem;
  }
  header time {
    margin-left: auto;
    font-weight: 600;
  }
  .brand {
    text-decoration: none;
    padding: 0.25rem 0;
  }
  .demo {
    font-size: 0.75rem;
  }
  h2 {
    font-weight: 600;
    color: var(--soft);
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
  s {
    color: var(--quiet);
  }
  .bone {
    background: var(--raised);
    animation: breathe 2.4s ease-in-out infinite;
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
  .ending p {
    color: var(--soft);
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
  footer {
    color: var(--soft);
    font-size: 0.85rem;
  }
  .preferences select {
    min-height: 2.25rem;
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
`;
