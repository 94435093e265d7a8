import { css } from "lit";

export const statusStyles = css`
  :host {
    display: block;
    max-width: 78rem;
    margin: 0 auto;
    padding: 2rem 1.5rem 4rem;
    line-height: 1.45;
  }
  header {
    display: flex;
    flex-wrap: wrap;
    align-items: baseline;
    gap: 0.4rem 1rem;
    margin-bottom: 1.5rem;
  }
  h1 {
    font-size: 1.9rem;
    letter-spacing: -0.025em;
    font-weight: 700;
  }
  header p {
    color: var(--soft);
    flex-basis: 100%;
  }
  .sum {
    margin-left: auto;
    font-weight: 640;
  }
  .good {
    color: var(--go);
  }
  .bad {
    color: var(--hurry);
  }
  table {
    width: 100%;
    border-collapse: separate;
    border-spacing: 0;
    background: var(--panel);
    border-radius: 1rem;
    overflow: hidden;
  }
  th,
  td {
    text-align: left;
    vertical-align: top;
    padding: 0.8rem 1rem;
    border-top: 1px solid var(--line);
  }
  thead th {
    border-top: 0;
    color: var(--soft);
    font-weight: 560;
    font-size: 0.9rem;
  }
  tbody th {
    font-weight: 640;
  }
  small {
    display: block;
    color: var(--soft);
    font-size: 0.88rem;
    font-weight: 400;
  }
  .state {
    display: inline-block;
    padding: 0.1rem 0.7rem;
    border-radius: 9em;
    font-weight: 620;
    white-space: nowrap;
  }
  .state.fresh {
    color: var(--go);
    background: var(--go-ground);
  }
  .state.stale,
  .state.never {
    color: var(--hurry);
    background: var(--hurry-ground);
  }
  .state.failing {
    color: var(--broken);
    background: var(--broken-ground);
  }
  .number {
    white-space: nowrap;
  }
  .error {
    color: var(--broken);
    overflow-wrap: anywhere;
    max-width: 22rem;
  }
  h2 {
    font-size: 1.15rem;
    margin: 2rem 0 0.6rem;
  }
  a {
    color: var(--accent);
  }
  nav {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1.25rem;
    margin-top: 2rem;
  }
  .preferences select {
    min-height: 2rem;
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
  @media (max-width: 760px) {
    thead {
      display: none;
    }
    tr,
    th,
    td {
      display: block;
    }
    td {
      border: 0;
      padding: 0.15rem 1rem;
    }
    td:last-child {
      padding-bottom: 0.9rem;
    }
    td[data-label]::before {
      content: attr(data-label) " ";
      color: var(--soft);
    }
  }
`;
