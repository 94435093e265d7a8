import { html, svg, type TemplateResult } from "lit";
import { encode } from "uqr";

/** A QR code, dark on light whatever the theme: that is what cameras read. */
export function qr(text: string, label: string, options: { ecc?: "L" | "M"; border?: number; ground?: string } = {}): TemplateResult {
  const { data, size } = encode(text, { ecc: options.ecc ?? "M", border: options.border ?? 4 });
  const dots = data.flatMap((row, y) => row.flatMap((dark, x) => (dark ? [`M${x} ${y}h1v1h-1z`] : []))).join("");
  return html`<svg class="qr" viewBox="0 0 ${size} ${size}" role="img" aria-label=${label} shape-rendering="crispEdges">
    ${svg`<rect width=${size} height=${size} fill=${options.ground ?? "#ffffff"}></rect><path d=${dots} fill="#0b1722"></path>`}
  </svg>`;
}
