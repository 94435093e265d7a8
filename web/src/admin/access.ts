/** Who may do what besides apps: tokens of people and systems, and who is told of silent screens. */

import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import type { OfficeName, Role, Token, Webhook } from "./client";
import { Listing } from "./listing";
import { fieldsOf, Panel } from "./panel";

const ROLES: Role[] = ["reader", "partner", "admin"];

export class AccessPanel extends Panel {
  static override properties: PropertyDeclarations = {
    ...Panel.properties,
    offices: { state: true },
    made: { state: true },
    role: { state: true },
  };

  declare offices: OfficeName[];
  /** What is shown only now. */
  declare made: { id: string; text: string } | null;
  declare role: string;
  private readonly tokens = new Listing<Token>(this, (query) => this.client.listTokens(query));
  private readonly webhooks = new Listing<Webhook>(this, (query) => this.client.listWebhooks(query));

  constructor() {
    super();
    this.offices = [];
    this.made = null;
    this.role = "reader";
  }

  protected override async load(): Promise<void> {
    [this.offices] = await Promise.all([this.client.listOfficeNames(), this.tokens.load(), this.webhooks.load()]);
  }

  protected override render(): TemplateResult {
    const { own, made } = this;
    return html`<form class="card tokens" @submit=${this.makeToken}>
        <h2>${own.newToken}</h2>
        <div class="fields">
          <label><span>${own.name}</span><input name="name" required maxlength="120" autocomplete="off" /></label>
          <label
            ><span>${own.role}</span
            ><select name="role" @change=${(event: Event) => (this.role = (event.target as HTMLSelectElement).value)}>
              ${ROLES.map((role) => html`<option value=${role} ?selected=${role === this.role}>${own.roles[role]}</option>`)}
            </select></label
          >
          <button class="main">${own.makeToken}</button>
        </div>
        ${this.role === "partner"
          ? html`<fieldset>
              <legend>${own.itsOffices}</legend>
              ${this.offices.map((office) => html`<label class="check"><input type="checkbox" name="office-${office.id}" />${office.name}</label>`)}
            </fieldset>`
          : nothing}
      </form>
      <form class="card webhooks" @submit=${this.makeWebhook}>
        <h2>${own.newWebhook}</h2>
        <p class="soft">${own.webhookHow}</p>
        <div class="fields">
          <label><span>${own.name}</span><input name="name" required maxlength="120" autocomplete="off" /></label>
          <label><span>${own.address}</span><input name="url" type="url" required placeholder="https://" autocomplete="off" /></label>
          <button class="main">${own.makeWebhook}</button>
        </div>
      </form>
      ${made ? html`<p role="status">${own.keyOnce} <code class="secret">${made.text}</code></p>` : nothing} ${this.renderTold()}
      <h2>${own.tokens}</h2>
      ${this.tokens.render(
        (token) => html`<li class="card row" data-token=${token.id}>
          <strong>${token.name}</strong><span>${own.roles[token.role]}</span><span class="soft">${token.offices.join(", ")}</span
          ><code>${token.id}</code>
          <button class="danger" @click=${() => this.revoke(token.name, token.id, () => this.client.revokeToken(token.id))}>${own.remove}</button>
        </li>`,
        own.tokens,
        own.noTokens,
      )}
      <h2>${own.webhooks}</h2>
      ${this.webhooks.render(
        (hook) => html`<li class="card row" data-webhook=${hook.id}>
          <strong>${hook.name}</strong><code>${hook.url}</code>
          <span class="soft">${hook.last === null ? own.notUsed : (hook.last.error ?? own.taken)}</span>
          <button class="danger" @click=${() => this.revoke(hook.name, hook.id, () => this.client.removeWebhook(hook.id))}>${own.remove}</button>
        </li>`,
        own.webhooks,
        own.noWebhooks,
      )}`;
  }

  private readonly makeToken = async (event: Event): Promise<void> => {
    const fields = fieldsOf(event);
    const offices = this.offices.map((office) => office.id).filter((id) => fields[`office-${id}`] !== undefined);
    await this.make(event, async () => {
      const made = await this.client.makeToken(fields["name"] ?? "", fields["role"] ?? "", offices);
      return { id: made.id, text: made.token ?? "" };
    });
  };

  private readonly makeWebhook = async (event: Event): Promise<void> => {
    const fields = fieldsOf(event);
    await this.make(event, async () => {
      const made = await this.client.makeWebhook(fields["name"] ?? "", fields["url"] ?? "");
      return { id: made.id, text: made.secret ?? "" };
    });
  };

  private async make(event: Event, made: () => Promise<{ id: string; text: string }>): Promise<void> {
    const form = event.target as HTMLFormElement;
    await this.act(async () => {
      this.made = await made();
      form.reset();
      this.role = "reader";
      await this.load();
    });
  }

  private async revoke(name: string, id: string, revoke: () => Promise<void>): Promise<void> {
    if (!confirm(this.own.sureRemove(name))) return;
    await this.act(async () => {
      await revoke();
      if (this.made?.id === id) this.made = null;
      await this.load();
    });
  }
}

customElements.define("sr-admin-access", AccessPanel);
