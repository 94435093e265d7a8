import { css, unsafeCSS } from "lit";

const widths = Array.from({ length: 21 }, (_, index) => 280 + index * 10);

export const embedStyles = css`
  :host {
    display: block;
    max-width: 76rem;
    margin: 0 auto;
    padding: 2.5rem 1.5rem 4rem;
    line-height: 1.5;
  }
  h1 {
    font-size: clamp(1.6rem, 4vw, 2.2rem);
    line-height: 1.15;
    letter-spacing: -0.03em;
    font-weight: 700;
  }
  h2 {
    font-size: 0.95rem;
    font-weight: 600;
    color: var(--soft);
    margin-bottom: 0.6rem;
  }
  header p {
    color: var(--soft);
    margin-top: 0.4rem;
    font-size: 1.05rem;
  }
  main {
    display: grid;
    grid-template-columns: minmax(15rem, 20rem) minmax(0, 1fr);
    gap: 1.5rem 2rem;
    margin-top: 2rem;
    align-items: start;
  }
  form {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 1.1rem;
    background: var(--panel);
    border-radius: 1rem;
    padding: 1.4rem;
  }
  .field {
    display: grid;
    gap: 0.3rem;
  }
  .field span,
  legend {
    font-weight: 560;
    font-size: 0.95rem;
    padding: 0;
  }
  select {
    font: inherit;
    color: inherit;
    background: var(--raised);
    border: 1px solid var(--quiet);
    border-radius: 0.6rem;
    padding: 0.55rem 0.7rem;
    width: 100%;
  }
  .check,
  .kinds label {
    display: flex;
    align-items: center;
    gap: 0.6rem;
  }
  input[type="checkbox"],
  input[type="radio"] {
    width: 1.15rem;
    height: 1.15rem;
    accent-color: var(--accent);
    flex: none;
  }
  fieldset {
    border: 0;
    padding: 0;
    min-width: 0;
  }
  .kinds {
    display: flex;
    flex-wrap: wrap;
    gap: 0.4rem 1.4rem;
    margin: 0.4rem 0;
  }
  .hint {
    color: var(--soft);
    font-size: 0.9rem;
  }
  :is(select, input, button, a, pre):focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  .stage {
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    justify-items: center;
    align-items: start;
    min-height: 27rem;
    padding: 1.5rem 1rem;
    border-radius: 1rem;
    border: 1px dashed var(--line);
    overflow: hidden;
  }
  .stage > * {
    max-width: 100%;
  }
  iframe {
    border: 0;
    height: 26rem;
  }
  ${unsafeCSS(widths.map((width) => `.w${width} { width: ${width}px; }`).join("\n"))}
  .width {
    display: flex;
    align-items: center;
    gap: 0.8rem;
    margin-top: 0.8rem;
    color: var(--soft);
  }
  .width input {
    flex: 1;
    max-width: 18rem;
    accent-color: var(--accent);
  }
  output {
    font-variant-numeric: tabular-nums;
  }
  .paste,
  .more {
    grid-column: 1 / -1;
  }
  pre {
    font: 0.9rem/1.55 ui-monospace, "SF Mono", Menlo, Consolas, "DejaVu Sans Mono", monospace;
    background: var(--panel);
    border: 1px solid var(--line);
    border-radius: 0.8rem;
    padding: 0.9rem 1.1rem;
    overflow-x: auto;
    white-space: pre-wrap;
    overflow-wrap: anywhere;
  }
  .copy {
    font: inherit;
    font-weight: 620;
    color: var(--ground);
    background: var(--accent);
    border: 0;
    border-radius: 0.6rem;
    padding: 0.55rem 1.3rem;
    margin: 0.8rem 0.8rem 0 0;
    cursor: pointer;
  }
  .more {
    margin-top: 1rem;
    display: grid;
    grid-template-columns: minmax(0, 1fr);
    gap: 0.7rem;
  }
  .more h2 {
    font-size: 1.15rem;
    color: var(--ink);
    margin: 0;
  }
  a {
    color: var(--accent);
  }
  nav {
    display: flex;
    flex-wrap: wrap;
    gap: 0.5rem 1.25rem;
    margin-top: 0.8rem;
  }
  @media (max-width: 760px) {
    :host {
      padding: 1.5rem 1rem 3rem;
    }
    main {
      grid-template-columns: minmax(0, 1fr);
    }
    .stage {
      padding: 1rem 0.5rem;
    }
  }
`;
