/** API keys: make one, whose text is shown once, and take one back. */

import { html, nothing, type TemplateResult } from "lit";
import type { Key } from "./client";
import { Listing } from "./listing";
import { fieldsOf, Panel } from "./panel";

export class KeysPanel extends Panel {
  static override properties = { ...Panel.properties, made: { state: true } };

  declare made: Key | null;
  private readonly keys = new Listing<Key>(this, (query) => this.client.listKeys(query));

  constructor() {
    super();
    this.made = null;
  }

  protected override async load(): Promise<void> {
    await this.keys.load();
  }

  protected override render(): TemplateResult {
    const { own, made } = this;
    return html`<form class="card" @submit=${this.make}>
        <div class="fields">
          <label><span>${own.newKey}</span><input name="name" required maxlength="80" autocomplete="off" /></label>
          <button class="main">${own.make}</button>
        </div>
        ${made?.key ? html`<p role="status">${own.keyOnce} <code class="secret">${made.key}</code></p>` : nothing}
        ${this.renderTold()}
      </form>
      ${this.keys.render(
        (key) => html`<li class="card row" data-key=${key.id}>
          <strong>${key.name}</strong><code>${key.id}</code>
          ${key.per_minute === undefined ? nothing : html`<span class="soft">${own.keyUse(key.per_minute, key.uses ?? 0)}</span>`}
          <button class="danger" @click=${() => this.revoke(key)}>${own.remove}</button>
        </li>`,
        own.sections.keys,
        own.noKeys,
      )}`;
  }

  private readonly make = async (event: Event): Promise<void> => {
    const { name } = fieldsOf(event);
    const form = event.target as HTMLFormElement;
    await this.act(async () => {
      this.made = await this.client.makeKey(name ?? "");
      form.reset();
      await this.load();
    });
  };

  private async revoke(key: Key): Promise<void> {
    if (!confirm(this.own.sureRemove(key.name))) return;
    await this.act(async () => {
      await this.client.revokeKey(key.id);
      if (this.made?.id === key.id) this.made = null;
      await this.load();
    });
  }
}

customElements.define("sr-admin-keys", KeysPanel);
