/** What the device can be asked for: where it is, and to pass a link on. */

/** null where it is not told. It goes nowhere but into the question. */
export function findPosition(): Promise<{ lat: number; lon: number } | null> {
  return new Promise((resolve) => {
    if (!navigator.geolocation) return resolve(null);
    navigator.geolocation.getCurrentPosition(
      ({ coords }) => resolve({ lat: coords.latitude, lon: coords.longitude }),
      () => resolve(null),
      { timeout: 10_000, maximumAge: 60_000 },
    );
  });
}

/** Through the device's own sheet, else by the clipboard. */
export async function shareLink(url: string): Promise<"shared" | "copied" | "neither"> {
  try {
    if (!navigator.share) {
      await navigator.clipboard.writeText(url);
      return "copied";
    }
    await navigator.share({ url });
    return "shared";
  } catch {
    return "neither"; // the sheet was closed, or the browser forbids it: the link beside the button does the same
  }
}
