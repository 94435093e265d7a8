import { css } from "lit";

/** What badges, icons and live dots look like wherever they stand. */
export const base = css`
  :host {
    box-sizing: border-box;
  }
  *,
  *::before,
  *::after {
    box-sizing: border-box;
    margin: 0;
  }
  /* digits that change keep their place; elsewhere the hyphens of tabular figures would gape */
  time,
  b,
  .big,
  .span,
  .leave,
  .age,
  .number,
  .bar,
  .note s {
    font-variant-numeric: tabular-nums;
  }
  .icon {
    width: 1.2em;
    height: 1.2em;
    flex: none;
    display: block;
  }
  .badge {
    display: inline-flex;
    align-items: center;
    justify-content: center;
    gap: 0.22em;
    height: 1.42em;
    min-width: 2.6em;
    padding: 0 0.42em;
    border-radius: 0.28em;
    font-weight: 700;
    letter-spacing: -0.01em;
    white-space: nowrap;
    flex: none;
    box-shadow: inset 0 0 0 1px rgb(255 255 255 / 0.16);
  }
  .badge .icon {
    width: 0.95em;
    height: 0.95em;
    margin-left: -0.08em;
  }
  .badge.off {
    background: none !important;
    color: var(--quiet) !important;
    box-shadow: inset 0 0 0 0.1em var(--line);
    text-decoration: line-through;
  }
  .dot {
    display: inline-block;
    width: 0.5em;
    height: 0.5em;
    border-radius: 50%;
    background: var(--live);
    flex: none;
  }
  .dot.old {
    background: none;
    box-shadow: inset 0 0 0 0.12em var(--hurry);
  }
  /* words to who waits longer than a moment; who listens has them at once */
  .waiting {
    color: var(--soft);
    animation: come 0.3s 1.5s both;
  }
  @keyframes come {
    from {
      opacity: 0;
    }
  }
  .sr {
    position: absolute;
    width: 1px;
    height: 1px;
    overflow: hidden;
    clip-path: inset(50%);
    white-space: nowrap;
  }
  .demo {
    border: 0.1em solid var(--hurry);
    color: var(--hurry);
    border-radius: 0.35em;
    padding: 0.08em 0.5em;
    font-weight: 750;
    letter-spacing: 0.04em;
    white-space: nowrap;
  }
  @keyframes breathe {
    50% {
      opacity: 0.45;
    }
  }
  @media (prefers-reduced-motion: reduce) {
    *,
    *::before,
    *::after {
      animation: none !important;
      transition: none !important;
    }
  }
`;
