import type { Texts } from "../i18n";

/** What every part of the screen is drawn with, at one moment. */
export interface Scene {
  texts: Texts;
  /** Epoch milliseconds on the server's clock. */
  now: number;
  zoneOffsetMin: number;
  /** YYYY-MM-DD on the wall */
  today: string;
  offline: boolean;
  /** The office's id, for what a phone is handed. */
  office: string;
  /** Has this departure's time just changed? */
  hasChanged(departureId: string): boolean;
}
