import type { Texts } from "../i18n";
import type { Origin } from "./handover";

/** What every part of the screen is drawn with, at one moment. */
export interface Scene {
  texts: Texts;
  /** Epoch milliseconds on the server's clock. */
  now: number;
  zoneOffsetMin: number;
  /** YYYY-MM-DD on the wall */
  today: string;
  offline: boolean;
  /** Where people leave from, for what a phone is handed. */
  office: Origin | null;
  /** Has this departure's time just changed? */
  hasChanged(departureId: string): boolean;
}
