import { css } from "lit";

/**
 * What the host page may set: the custom properties that begin with --smart-reise. `all: initial` on the box keeps
 * everything else out; a text size of `medium` is what the reader has chosen in the browser.
 */
export const widgetStyles = css`
  :host {
    display: block !important;
    min-width: 0;
    max-width: var(--smart-reise-max-width, 480px);
    box-sizing: border-box;
    text-align: start;
  }
  :host([hidden]) {
    display: none !important;
  }
  .box {
    all: initial;
    --d-ground: #fff;
    --d-raised: #f1f5f8;
    --d-line: #d9e3ea;
    --d-ink: #0f1f2b;
    --d-soft: #475d6d;
    --d-go: #06623a;
    --d-hurry: #6f4500;
    --d-broken: #a31621;
    --d-live: #0a8a50;
    color-scheme: light;
  }
  :host([theme="dark"]) .box {
    --d-ground: #12222f;
    --d-raised: #1b3142;
    --d-line: #2a465c;
    --d-ink: #f4f7f9;
    --d-soft: #b0c2d0;
    --d-go: #86efb5;
    --d-hurry: #ffd479;
    --d-broken: #ff9c9c;
    --d-live: #6ee7a8;
    color-scheme: dark;
  }
  @media (prefers-color-scheme: dark) {
    :host(:not([theme="light"])) .box {
      --d-ground: #12222f;
      --d-raised: #1b3142;
      --d-line: #2a465c;
      --d-ink: #f4f7f9;
      --d-soft: #b0c2d0;
      --d-go: #86efb5;
      --d-hurry: #ffd479;
      --d-broken: #ff9c9c;
      --d-live: #6ee7a8;
      color-scheme: dark;
    }
  }
  .box {
    --ground: var(--smart-reise-ground, var(--d-ground));
    --raised: var(--smart-reise-raised, var(--d-raised));
    --line: var(--smart-reise-line, var(--d-line));
    --ink: var(--smart-reise-ink, var(--d-ink));
    --soft: var(--smart-reise-soft, var(--d-soft));
    --go: var(--smart-reise-go, var(--d-go));
    --hurry: var(--smart-reise-hurry, var(--d-hurry));
    --broken: var(--smart-reise-broken, var(--d-broken));
    --live: var(--smart-reise-live, var(--d-live));
    --quiet: var(--soft);
    --accent: var(--smart-reise-accent, var(--ink));
    --on-accent: var(--smart-reise-on-accent, var(--ground));
    display: block;
    direction: ltr;
    font-family: var(--smart-reise-font, "Inter", system-ui, -apple-system, "Segoe UI", Roboto, "Noto Sans", sans-serif);
    font-size: var(--smart-reise-size, medium);
    line-height: 1.35;
    color: var(--ink);
    background: var(--ground);
    border: 1px solid var(--line);
    border-radius: var(--smart-reise-radius, 0.875em);
    overflow: hidden;
    overflow-wrap: break-word;
    position: relative;
    -webkit-font-smoothing: antialiased;
  }
  .box.offline .live,
  .box.loading footer {
    display: none;
  }

  header {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.15em 0.6em;
    padding: 0.85em 1em 0.75em;
  }
  h2 {
    flex: 1 1 0;
    min-width: 0;
    font-size: 1.0625em;
    font-weight: 700;
    letter-spacing: -0.01em;
  }
  .demo {
    font-size: 0.6875em;
  }
  .clock {
    color: var(--soft);
    font-size: 0.875em;
  }
  .to {
    flex-basis: 100%;
    color: var(--soft);
    font-size: 0.9375em;
    display: flex;
    flex-wrap: wrap;
    gap: 0.2em 0.8em;
  }
  .profile {
    display: inline-flex;
    align-items: center;
    gap: 0.3em;
  }
  .where {
    flex-basis: 100%;
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0.5em;
    align-items: start;
    margin-top: 0.55em;
  }
  .tabs {
    display: flex;
    flex-wrap: wrap;
    gap: 0.375em;
  }
  button {
    font: inherit;
    color: inherit;
    background: none;
    border: 0;
    padding: 0;
    text-align: inherit;
    cursor: pointer;
    -webkit-tap-highlight-color: transparent;
  }
  button:focus-visible {
    outline: 2px solid var(--accent);
    outline-offset: 2px;
  }
  [role="tab"] {
    font-size: 0.875em;
    color: var(--soft);
    border: 1px solid var(--line);
    border-radius: 9em;
    padding: 0.28em 0.85em;
    min-height: 2em;
  }
  [role="tab"]:hover {
    border-color: var(--soft);
    color: var(--ink);
  }
  [role="tab"][aria-selected="true"] {
    color: var(--on-accent);
    background: var(--accent);
    border-color: var(--accent);
    font-weight: 600;
  }
  .star {
    display: grid;
    place-items: center;
    width: 1.85em;
    height: 1.85em;
    border-radius: 50%;
    color: var(--soft);
  }
  .star:hover {
    background: var(--raised);
  }
  .star[aria-pressed="true"] {
    color: var(--hurry);
  }

  ul,
  ol {
    list-style: none;
    padding: 0;
  }
  .way {
    border-top: 1px solid var(--line);
  }
  .row {
    box-sizing: border-box;
    width: 100%;
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    gap: 0.2em 0.75em;
    align-items: center;
    padding: 0.75em 1em;
  }
  button.row:hover {
    background: var(--raised);
  }
  button.row:focus-visible {
    outline-offset: -3px;
  }
  .lead {
    font-size: 1.1875em;
    font-weight: 700;
    letter-spacing: -0.015em;
    color: var(--go);
  }
  .lead.hurry,
  .warn {
    color: var(--hurry);
  }
  .at {
    font-weight: 650;
    text-align: right;
    font-variant-numeric: tabular-nums;
  }
  .how {
    grid-column: 1 / -1;
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0.2em 0.75em;
  }
  .chain,
  .facts {
    color: var(--soft);
    font-size: 0.875em;
    min-width: 0;
  }
  .chain {
    display: flex;
    flex-wrap: wrap;
    align-items: center;
    gap: 0.25em 0.3em;
  }
  .link,
  .facts .warn,
  .why {
    display: inline-flex;
    align-items: center;
    gap: 0.3em;
    font-variant-numeric: tabular-nums;
  }
  .link > .icon {
    width: 1.1em;
    height: 1.1em;
  }
  .link > .icon:last-child {
    margin: 0 -0.15em;
  }
  .badge {
    font-size: 0.9286em;
    min-width: 2.2em;
  }
  .broken .lead {
    font-weight: 600;
    color: var(--soft);
  }
  .why {
    color: var(--broken);
    font-size: 0.875em;
  }
  .broken .chain {
    text-decoration: line-through;
  }

  .legs {
    padding: 0 1.143em 0.97em;
    font-size: 0.875em;
  }
  .legs li {
    display: grid;
    grid-template-columns: 3.4em minmax(0, 1fr);
    gap: 0.1em 0.5em;
    padding: 0.4em 0;
  }
  .legs time {
    font-weight: 600;
  }
  .legs time s {
    display: block;
    font-weight: 400;
    font-size: 0.875em;
    color: var(--soft);
  }
  .what {
    display: flex;
    align-items: center;
    gap: 0.45em;
  }
  .what > span:last-child {
    min-width: 0;
  }
  .stop {
    grid-column: 2;
    color: var(--soft);
  }

  .panel {
    border-top: 1px solid var(--line);
    padding: 1.5em 1em;
    display: grid;
    justify-items: center;
    text-align: center;
    gap: 0.4em;
    color: var(--soft);
  }
  .panel .icon {
    width: 1.8em;
    height: 1.8em;
  }
  .panel strong {
    color: var(--ink);
    font-weight: 600;
  }
  .bones i {
    display: block;
    height: 4.1em;
    border-top: 1px solid var(--line);
    background: linear-gradient(var(--raised), var(--raised)) 1em 0.95em / 42% 1em no-repeat,
      linear-gradient(var(--raised), var(--raised)) 1em 2.4em / 66% 0.8em no-repeat;
    animation: breathe 1.6s ease-in-out infinite;
  }
  p.waiting {
    margin: 0;
    padding: 0.7em 1.143em;
  }
  .alert {
    display: flex;
    gap: 0.5em;
    border-top: 1px solid var(--line);
    padding: 0.7em 1.143em;
    font-size: 0.875em;
    color: var(--ink);
  }
  .alert .icon {
    color: var(--hurry);
  }
  footer {
    border-top: 1px solid var(--line);
    padding: 0.68em 1.231em 0.8em;
    display: flex;
    flex-wrap: wrap;
    justify-content: space-between;
    gap: 0.1em 1em;
    font-size: 0.8125em;
    color: var(--soft);
  }
  footer > span {
    display: inline-flex;
    align-items: center;
    gap: 0.4em;
    font-variant-numeric: tabular-nums;
  }
  footer .bad {
    color: var(--hurry);
    font-weight: 600;
  }
  footer .saved .icon {
    color: var(--go);
  }
  small {
    flex-basis: 100%;
    font-size: 0.875em;
  }

  @media (forced-colors: active) {
    [role="tab"][aria-selected="true"] {
      outline: 2px solid;
    }
  }
`;
