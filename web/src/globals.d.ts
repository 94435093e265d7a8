/** The version in package.json, put in by the build. */
declare const __VERSION__: string;

/** What the page's first script (public/boot.js) keeps an eye on. */
interface Smartreise {
  /** The screen has just drawn itself: as long as it does so, it is left alone. */
  paint(): void;
}
declare var smartreise: Smartreise | undefined;
