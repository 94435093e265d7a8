import { css } from "lit";

export const adminStyles = css`
  :host {
    display: block;
    line-height: 1.5;
  }
  :host(sr-admin) {
    max-width: 68rem;
    margin: 0 auto;
    padding: 2rem 1.5rem 4rem;
  }
  header,
  .row {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.6rem 1rem;
  }
  header {
    justify-content: space-between;
    margin-bottom: 1.2rem;
  }
  h1 {
    font-size: 1.9rem;
    letter-spacing: -0.025em;
  }
  h2 {
    font-size: 1.15rem;
  }
  .soft {
    color: var(--soft);
  }
  .sections {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem;
    margin-bottom: 1.4rem;
  }
  .sections a {
    color: var(--ink);
    text-decoration: none;
    padding: 0.45rem 1.1rem;
    border-radius: 9em;
    border: 1px solid var(--line);
    background: var(--panel);
  }
  .sections a[aria-current] {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--ground);
    font-weight: 620;
  }
  .card {
    background: var(--panel);
    border-radius: 1rem;
    padding: 1.2rem 1.4rem;
    margin-bottom: 1rem;
  }
  form.card {
    display: grid;
    gap: 1rem;
  }
  .sign-in {
    max-width: 28rem;
  }
  .list,
  .destinations {
    list-style: none;
    padding: 0;
  }
  .fields {
    display: grid;
    grid-template-columns: repeat(auto-fit, minmax(11rem, 1fr));
    gap: 1rem;
    align-items: end;
  }
  label {
    display: grid;
    gap: 0.3rem;
  }
  label > span,
  legend {
    font-weight: 560;
    font-size: 0.95rem;
    padding: 0;
  }
  fieldset {
    border: 0;
    padding: 0;
    min-width: 0;
  }
  .check {
    display: inline-flex;
    align-items: center;
    gap: 0.5rem;
    margin: 0.3rem 1.2rem 0 0;
  }
  input:not([type="checkbox"]),
  select,
  textarea {
    font: inherit;
    color: inherit;
    background: var(--raised);
    border: 1px solid var(--quiet);
    border-radius: 0.6rem;
    padding: 0.4rem 0.7rem;
    width: 100%;
    min-width: 0;
    min-height: 2.75rem;
  }
  .actions select {
    width: auto;
    max-width: 100%;
  }
  textarea,
  code {
    font-family: ui-monospace, Menlo, Consolas, "DejaVu Sans Mono", monospace;
    font-size: 0.9rem;
  }
  input.code {
    font-size: 1.3rem;
    font-weight: 700;
    letter-spacing: 0.12em;
    text-transform: uppercase;
  }
  input[type="checkbox"] {
    width: 1.15rem;
    height: 1.15rem;
    accent-color: var(--accent);
  }
  button,
  .button {
    font: inherit;
    color: var(--ink);
    background: var(--raised);
    border: 1px solid var(--line);
    border-radius: 0.6rem;
    padding: 0.5rem 1rem;
    min-height: 2.75rem;
    cursor: pointer;
    text-decoration: none;
  }
  .main {
    background: var(--accent);
    border-color: var(--accent);
    color: var(--ground);
    font-weight: 620;
    justify-self: start;
  }
  .danger {
    color: var(--broken);
  }
  :is(button, a, input, select, textarea, summary):focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .state {
    display: inline-flex;
    align-items: center;
    gap: 0.3rem;
    border-radius: 9em;
    padding: 0.1rem 0.7rem;
    font-weight: 620;
  }
  .state.fresh {
    color: var(--go);
    background: var(--go-ground);
  }
  .state.stale {
    color: var(--hurry);
    background: var(--hurry-ground);
  }
  .state.broken {
    color: var(--broken);
    background: var(--broken-ground);
  }
  .warning {
    color: var(--hurry);
  }
  .place-map {
    position: relative;
    height: 20rem;
    border-radius: 0.8rem;
    overflow: hidden;
    margin: 0.6rem 0;
  }
  .logo {
    max-height: 3rem;
    max-width: 12rem;
    background: var(--raised);
    border-radius: 0.4rem;
    padding: 0.3rem;
  }
  .preview {
    width: 640px;
    max-width: 100%;
    height: 360px;
    overflow: hidden;
    border: 1px solid var(--line);
    border-radius: 0.6rem;
  }
  .previewed > aside {
    min-width: 0;
  }
  /* Beside what is typed, where there is room; else where one has typed it all. */
  @media (min-width: 90rem) {
    :host(sr-admin[data-section="offices"]) {
      max-width: 96rem;
    }
    .previewed {
      display: grid;
      grid-template-columns: minmax(0, 1fr) 640px;
      column-gap: 2rem;
    }
    .previewed > * {
      grid-column: 1;
    }
    .previewed > aside {
      grid-column: 2;
      grid-row: 1 / span 12;
      align-self: start;
      position: sticky;
      top: 1rem;
    }
  }
  .preview iframe {
    width: 1920px;
    height: 1080px;
    border: 0;
    transform: scale(0.3334);
    transform-origin: 0 0;
  }
  fieldset + fieldset {
    border-top: 1px solid var(--line);
    padding-top: 1rem;
  }
  input[type="time"],
  .after {
    width: auto !important;
  }
  input[type="color"] {
    padding: 0.2rem;
  }
  .versions {
    margin: 0.8rem 0;
    padding-left: 1.2rem;
  }
  .versions li span {
    display: block;
    overflow-wrap: anywhere;
  }
  .scroll {
    overflow-x: auto;
  }
  table {
    border-collapse: collapse;
    width: 100%;
  }
  th,
  td {
    text-align: left;
    padding: 0.4rem 0.8rem 0.4rem 0;
    border-bottom: 1px solid var(--line);
  }
  .beat {
    display: flex;
    flex-wrap: wrap;
    gap: 0 1.2rem;
    margin: 0.3rem 0 0.8rem;
    font-size: 0.95rem;
    overflow-wrap: anywhere;
  }
  .destinations li {
    display: flex;
    align-items: center;
    justify-content: space-between;
    border-bottom: 1px solid var(--line);
    padding: 0.2rem 0;
  }
  .destinations button {
    border: 0;
    background: none;
    padding: 0.5rem;
  }
  .problem {
    color: var(--broken);
    background: var(--broken-ground);
    border-radius: 0.6rem;
    padding: 0.7rem 1rem;
    overflow-wrap: anywhere;
  }
  .told:empty {
    display: none;
  }
  .told {
    color: var(--go);
    font-weight: 600;
  }
  .secret {
    user-select: all;
    overflow-wrap: anywhere;
    background: var(--raised);
    border-radius: 0.4rem;
    padding: 0.15rem 0.5rem;
  }
  summary {
    cursor: pointer;
    font-weight: 560;
  }
  details label {
    margin-top: 0.6rem;
  }
  @media (max-width: 700px) {
    :host(sr-admin) {
      padding: 1.2rem 1rem 3rem;
    }
  }
`;
