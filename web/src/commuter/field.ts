import { css, html, LitElement, nothing, type PropertyValues, type TemplateResult } from "lit";
import type { Texts } from "../i18n";
import { base } from "../parts/base.css";
import { icon } from "../parts/icons";
import type { Place } from "../wire";

/**
 * A field for a place, with suggestions as you type (the combobox pattern). It never fetches: it says what was typed
 * (`sr-typed`), and what was chosen (`sr-chosen`) or emptied (`sr-cleared`).
 */
export class PlaceField extends LitElement {
  static override properties = {
    texts: { attribute: false },
    label: {},
    hint: {},
    name: {},
    end: {},
    places: { attribute: false },
    text: { state: true },
    open: { state: true },
    active: { state: true },
  };

  declare texts: Texts;
  declare label: string;
  declare hint: string;
  /** The chosen place's name, "" for none. */
  declare name: string;
  declare end: "from" | "to";
  /** null: nothing asked for yet */
  declare places: readonly Place[] | null;
  declare text: string;
  declare open: boolean;
  declare active: number;

  constructor() {
    super();
    this.name = "";
    this.text = "";
    this.places = null;
    this.open = false;
    this.active = -1;
  }

  override focus(): void {
    this.renderRoot.querySelector("input")?.focus();
  }

  protected override willUpdate(changed: PropertyValues): void {
    if (changed.has("name")) {
      this.text = this.name;
      this.open = false;
    }
    if (changed.has("places")) this.active = -1;
  }

  protected override render(): TemplateResult {
    const places = this.open ? this.places : null;
    return html`<div class="field ${this.end}">
        <i aria-hidden="true"></i>
        <input
          id="input"
          type="text"
          role="combobox"
          autocomplete="off"
          autocapitalize="off"
          spellcheck="false"
          enterkeyhint="search"
          aria-label=${this.label}
          aria-autocomplete="list"
          aria-controls="list"
          aria-expanded=${places ? "true" : "false"}
          aria-activedescendant=${this.active >= 0 ? `option-${this.active}` : nothing}
          placeholder=${this.hint}
          .value=${this.text}
          @input=${this.typed}
          @keydown=${this.pressed}
          @focus=${this.focused}
          @blur=${this.left}
        />
        ${this.text
          ? html`<button type="button" class="clear" aria-label=${this.texts.clear} @click=${this.cleared}>
              ${icon("close")}
            </button>`
          : nothing}
        <slot></slot>
      </div>
      ${places ? this.renderList(places) : nothing}`;
  }

  private renderList(places: readonly Place[]): TemplateResult {
    return html`<ul id="list" role="listbox" aria-label=${this.label}>
      ${places.length === 0 ? html`<li class="none">${this.texts.noPlaces}</li>` : nothing}
      ${places.map(
        (place, index) => html`<li
          id="option-${index}"
          role="option"
          aria-selected=${index === this.active ? "true" : "false"}
          @pointerdown=${(event: Event) => {
            event.preventDefault();
            this.choose(place);
          }}
        >
          ${icon(place.office_id ? "office" : (place.stop_id ?? place.station_id) ? "stop" : "place")}<span>${place.name}</span>
          ${(place.modes ?? []).map((mode) => icon(mode, this.texts.modes[mode] ?? mode))}
        </li>`,
      )}
    </ul>`;
  }

  private typed(event: Event): void {
    this.text = (event.target as HTMLInputElement).value;
    this.open = true;
    this.tell("sr-typed", this.text);
  }

  private pressed(event: KeyboardEvent): void {
    const count = this.open ? (this.places?.length ?? 0) : 0;
    if (event.key === "ArrowDown" && count > 0) this.active = (this.active + 1) % count;
    else if (event.key === "ArrowUp" && count > 0) this.active = (this.active + count - 1) % count;
    else if (event.key === "Enter" && count > 0) this.choose(this.places![Math.max(0, this.active)]!);
    else if (event.key === "Escape") this.left();
    else return;
    event.preventDefault();
  }

  private focused(event: Event): void {
    (event.target as HTMLInputElement).select();
    this.tell("sr-focused", "");
  }

  /** What was typed and not chosen counts for nothing: the field says again what holds. */
  private left(): void {
    this.open = false;
    this.text = this.name;
  }

  private cleared(): void {
    this.text = "";
    this.open = false;
    this.tell("sr-cleared", "");
    this.focus();
  }

  private choose(place: Place): void {
    this.text = place.name;
    this.open = false;
    this.dispatchEvent(new CustomEvent("sr-chosen", { detail: place, bubbles: true, composed: true }));
  }

  private tell(type: string, detail: string): void {
    this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
  }

  static override styles = [
    base,
    css`
      :host {
        display: block;
        position: relative;
      }
      .field {
        display: flex;
        align-items: center;
        gap: 0.6rem;
        min-height: 3rem;
        padding: 0 0.4rem 0 0.85rem;
        border: 1px solid var(--line);
        border-radius: 0.75rem;
        background: var(--panel);
      }
      .field:focus-within {
        border-color: var(--accent);
        box-shadow: 0 0 0 1px var(--accent);
      }
      i {
        flex: none;
        width: 0.8rem;
        height: 0.8rem;
        border-radius: 50%;
        border: 3px solid var(--accent);
      }
      .to i {
        background: var(--accent);
      }
      input {
        flex: 1;
        min-width: 0;
        height: 3rem;
        border: 0;
        outline: 0;
        background: none;
        color: var(--ink);
        font: inherit;
        text-overflow: ellipsis;
      }
      input::placeholder {
        color: var(--quiet);
        opacity: 1;
      }
      button {
        display: grid;
        place-items: center;
        width: 2.25rem;
        height: 2.25rem;
        border: 0;
        border-radius: 50%;
        background: none;
        color: var(--soft);
        cursor: pointer;
      }
      button:focus-visible {
        outline: 2px solid var(--accent);
      }
      ul {
        position: absolute;
        z-index: 5;
        inset: calc(100% + 0.25rem) 0 auto;
        margin: 0;
        padding: 0.35rem;
        list-style: none;
        background: var(--panel);
        border: 1px solid var(--line);
        border-radius: 0.75rem;
        box-shadow: 0 0.75rem 2rem var(--shade);
        max-height: 22rem;
        overflow: auto;
      }
      li {
        display: flex;
        align-items: center;
        gap: 0.6rem;
        padding: 0.6rem;
        border-radius: 0.5rem;
        cursor: pointer;
      }
      li .icon {
        color: var(--soft);
      }
      li span {
        flex: 1;
      }
      li[aria-selected="true"],
      li[role]:hover {
        background: var(--accent-ground);
      }
      .none {
        color: var(--soft);
        cursor: default;
      }
    `,
  ];
}

customElements.define("sr-place-field", PlaceField);
