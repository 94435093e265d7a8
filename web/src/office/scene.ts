import type { Texts } from "../i18n";
import type { Origin } from "../core/way-code";

/** What every part of the screen is drawn with, at one moment. */
export interface Scene {
  texts: Texts;
  /** Epoch milliseconds on the server's clock. */
  now: number;
  zoneOffsetMin: number;
  /** Minutes east of UTC at another instant: clocks may change before it. */
  offsetAt(epochMs: number): number;
  /** YYYY-MM-DD on the wall */
  today: string;
  offline: boolean;
  /** Where people leave from, for what a phone is handed. */
  office: Origin | null;
  /** Origin of the addresses that phones are handed. */
  publicUrl: string;
  /** Has this departure's time just changed? */
  hasChanged(departureId: string): boolean;
}
