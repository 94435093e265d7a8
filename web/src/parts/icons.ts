/** Drawn icons (Material Design Icons, Apache-2.0), only those that are used. */

import {
  mdiAirplane,
  mdiAlert,
  mdiBicycle,
  mdiBus,
  mdiBusStop,
  mdiCalendarPlus,
  mdiCancel,
  mdiCar,
  mdiCheck,
  mdiChevronDown,
  mdiChevronRight,
  mdiClose,
  mdiCrosshairsGps,
  mdiFerry,
  mdiGondola,
  mdiLeaf,
  mdiMapMarkerPath,
  mdiMapMarker,
  mdiOfficeBuilding,
  mdiPauseCircleOutline,
  mdiRun,
  mdiScooterElectric,
  mdiShareVariant,
  mdiStar,
  mdiStarOutline,
  mdiSubwayVariant,
  mdiSwapVertical,
  mdiTaxi,
  mdiTrain,
  mdiTram,
  mdiVolumeHigh,
  mdiWalk,
  mdiWeatherNight,
  mdiWheelchairAccessibility,
  mdiWifiOff,
} from "@mdi/js";
import { html, nothing, type TemplateResult } from "lit";

export const ICONS = {
  alert: mdiAlert,
  calendar: mdiCalendarPlus,
  cancel: mdiCancel,
  check: mdiCheck,
  chevronDown: mdiChevronDown,
  chevronRight: mdiChevronRight,
  close: mdiClose,
  follow: mdiMapMarkerPath,
  leaf: mdiLeaf,
  night: mdiWeatherNight,
  office: mdiOfficeBuilding,
  pause: mdiPauseCircleOutline,
  offline: mdiWifiOff,
  place: mdiMapMarker,
  position: mdiCrosshairsGps,
  run: mdiRun,
  share: mdiShareVariant,
  star: mdiStar,
  starOutline: mdiStarOutline,
  stop: mdiBusStop,
  speak: mdiVolumeHigh,
  swap: mdiSwapVertical,
  walk: mdiWalk,
  wheelchair: mdiWheelchairAccessibility,
  bike: mdiBicycle,
  scooter: mdiScooterElectric,
  moped: mdiScooterElectric,
  car: mdiCar,
  bus: mdiBus,
  coach: mdiBus,
  tram: mdiTram,
  metro: mdiSubwayVariant,
  rail: mdiTrain,
  ferry: mdiFerry,
  funicular: mdiGondola,
  gondola: mdiGondola,
  air: mdiAirplane,
  taxi: mdiTaxi,
} as const;

export type IconName = keyof typeof ICONS;

export function isIcon(name: string): name is IconName {
  return Object.hasOwn(ICONS, name);
}

/** Decorative unless it is given a label. */
export function icon(name: string, label?: string): TemplateResult {
  const path = isIcon(name) ? ICONS[name] : ICONS.stop;
  return html`<svg
    class="icon"
    viewBox="0 0 24 24"
    role=${label ? "img" : nothing}
    aria-label=${label ?? nothing}
    aria-hidden=${label ? nothing : "true"}
  >
    <path d=${path} fill="currentColor"></path>
  </svg>`;
}
