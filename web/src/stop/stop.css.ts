import { css } from "lit";

export const stopStyles = css`
  :host {
    display: flex;
    flex-direction: column;
  }
  header,
  main,
  footer {
    width: 100%;
    max-width: 46rem;
    margin: 0 auto;
    padding: 0.75rem 1.25rem;
  }
  main {
    flex: 1;
    padding-top: 0.5rem;
  }
  .brand {
    color: var(--soft);
    font-weight: 650;
  }
  .head {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.2rem 1rem;
    margin-bottom: 0.9rem;
  }
  h1 {
    font-size: clamp(1.6rem, 6vw, 2.2rem);
    font-weight: 740;
    letter-spacing: -0.03em;
    line-height: 1.15;
    width: 100%;
    text-wrap: balance;
  }
  .access {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    color: var(--soft);
    font-size: 0.95rem;
  }
  a {
    color: var(--accent);
  }
  nav {
    display: flex;
    gap: 1.25rem;
  }
  nav a {
    padding: 0.35rem 0;
  }
  .chips {
    display: flex;
    flex-wrap: wrap;
    gap: 0.3rem;
    margin-bottom: 0.6rem;
  }
  button {
    font: inherit;
    color: inherit;
    cursor: pointer;
  }
  .chips button {
    display: inline-flex;
    align-items: center;
    min-height: 2.25rem;
    padding: 0.2rem;
    border: 2px solid transparent;
    border-radius: 0.6rem;
    background: none;
  }
  .chips button[aria-pressed="true"] {
    border-color: var(--ink);
  }
  .chips:has([aria-pressed="true"]) button[aria-pressed="false"] {
    opacity: 0.65;
  }
  .chips .quay {
    padding: 0 0.8rem;
    border: 1px solid var(--line);
    border-radius: 9em;
    color: var(--soft);
    font-size: 0.9rem;
    opacity: 1 !important;
  }
  .chips .quay[aria-pressed="true"] {
    background: var(--ink);
    border-color: var(--ink);
    color: var(--panel);
  }
  h2 {
    font-size: 0.95rem;
    padding: 1.1rem 0 0.3rem;
  }
  h2::first-letter {
    text-transform: uppercase;
  }
  ul,
  ol {
    list-style: none;
    margin: 0;
    padding: 0;
  }
  ul > li {
    border-bottom: 1px solid var(--line);
  }
  ul > li > button {
    display: grid;
    grid-template-columns: minmax(4.4rem, max-content) minmax(0, 1fr) auto;
    align-items: center;
    gap: 0.9rem;
    width: 100%;
    min-height: 3.75rem;
    padding: 0.5rem 0.4rem;
    border: 0;
    background: none;
    text-align: left;
  }
  ul > li > button:hover,
  ul > li > button[aria-expanded="true"] {
    background: var(--raised);
  }
  .badge {
    font-size: 1.05rem;
    max-width: 8rem;
    overflow: hidden;
  }
  ul .badge {
    min-width: 4.2rem;
  }
  .chips .badge {
    font-size: 0.95rem;
  }
  .where b,
  .where small {
    display: block;
  }
  .where b {
    font-size: 1.1rem;
    font-weight: 600;
    overflow-wrap: anywhere;
  }
  .where small > * {
    margin-right: 0.6rem;
  }
  small {
    color: var(--soft);
    font-size: 0.9rem;
  }
  small strong {
    color: var(--hurry);
  }
  .time {
    text-align: right;
    white-space: nowrap;
    font-variant-numeric: tabular-nums;
  }
  .time b {
    display: flex;
    align-items: center;
    justify-content: flex-end;
    gap: 0.35rem;
    font-size: 1.3rem;
    font-weight: 700;
    letter-spacing: -0.02em;
  }
  .time .gone {
    display: block;
    color: var(--broken);
    font-weight: 600;
  }
  .cancelled .where b {
    text-decoration: line-through;
    color: var(--quiet);
  }
  .calls {
    padding: 0.25rem 0.4rem 1rem 4.6rem;
  }
  .calls li {
    display: grid;
    grid-template-columns: 3rem 3rem minmax(0, 1fr) auto;
    gap: 0.4rem;
    align-items: baseline;
    padding: 0.12rem 0;
  }
  .calls s {
    font-size: 0.9rem;
  }
  .calls a {
    color: inherit;
    text-decoration-color: var(--line);
    text-underline-offset: 0.2em;
  }
  .calls .here {
    font-weight: 700;
  }
  .calls .passed {
    color: var(--quiet);
  }
  .calls .skipped :is(a, time) {
    text-decoration: line-through;
  }
  .words {
    padding: 1rem 0.4rem;
    color: var(--soft);
  }
  .bone {
    height: 3.2rem;
    margin: 0.55rem 0;
    border-radius: 0.75rem;
  }
  footer {
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0.25rem 1rem;
  }
  @media (max-width: 480px) {
    .calls {
      padding-left: 0.4rem;
    }
  }
`;
