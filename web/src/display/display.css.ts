import { css } from "lit";

export const displayStyles = css`
  :host {
    --u: min(100vw / 192, 100vh / 108);
    display: block;
  }
  .pairing {
    display: grid;
    grid-template-columns: minmax(0, 1fr) auto;
    align-items: center;
    gap: calc(8 * var(--u));
    width: 100vw;
    min-height: 100vh;
    padding: calc(8 * var(--u)) calc(12 * var(--u));
    background: var(--ground);
    color: var(--ink);
    font-size: calc(3.6 * var(--u));
    line-height: 1.35;
    cursor: none;
  }
  .brand {
    color: var(--soft);
    font-size: calc(2.8 * var(--u));
    font-weight: 600;
    margin-bottom: calc(1.2 * var(--u));
  }
  h1 {
    font-size: calc(7.4 * var(--u));
    line-height: 1.08;
    letter-spacing: -0.035em;
    font-weight: 700;
  }
  .how {
    color: var(--soft);
    margin-top: calc(2.4 * var(--u));
    overflow-wrap: anywhere;
  }
  .code {
    display: flex;
    flex-wrap: wrap;
    gap: 0 0.32em;
    margin: calc(3.2 * var(--u)) 0 calc(2.8 * var(--u));
    font-size: calc(17 * var(--u));
    line-height: 1.05;
    font-weight: 700;
    letter-spacing: 0.045em;
    color: var(--go);
    font-variant-numeric: tabular-nums slashed-zero;
  }
  .note {
    display: flex;
    align-items: center;
    gap: 0.5em;
    color: var(--soft);
    font-size: calc(2.6 * var(--u));
    min-height: 1.4em;
    margin-top: calc(2 * var(--u));
  }
  .note .icon {
    color: var(--hurry);
  }
  .qr {
    display: block;
    width: calc(46 * var(--u));
    border-radius: calc(2 * var(--u));
  }
  .trial {
    position: fixed;
    right: calc(2 * var(--u));
    bottom: calc(2 * var(--u));
    z-index: 1;
    padding: 0.1em 0.7em;
    border-radius: 9em;
    background: var(--hurry-ground);
    color: var(--hurry);
    font-size: calc(3.2 * var(--u));
    font-weight: 700;
    text-transform: uppercase;
    letter-spacing: 0.08em;
  }
  .identify {
    position: fixed;
    inset: 0;
    z-index: 2;
    display: grid;
    place-content: center;
    text-align: center;
    gap: calc(2 * var(--u));
    padding: calc(6 * var(--u));
    background: var(--accent-ground);
    color: var(--ink);
    font-size: calc(4 * var(--u));
  }
  .identify strong {
    font-size: calc(13 * var(--u));
    line-height: 1.1;
    letter-spacing: -0.03em;
    overflow-wrap: anywhere;
  }
  @media (orientation: portrait) {
    :host {
      --u: min(100vw / 108, 100vh / 160);
    }
    .pairing {
      grid-template-columns: minmax(0, 1fr);
      align-content: center;
      justify-items: start;
      padding: calc(8 * var(--u));
      font-size: calc(4.2 * var(--u));
    }
    .note {
      font-size: calc(3.2 * var(--u));
    }
    .code {
      font-size: calc(18 * var(--u));
    }
    .qr {
      width: min(calc(64 * var(--u)), 100%);
    }
  }
`;
