/** The offices: listed, changed in a form, taken back to what they were, and as files. */

import { html, nothing, type PropertyDeclarations, type TemplateResult } from "lit";
import { wallDay, wallTime } from "../core/time";
import { FORMATS, type FileFormat, type Imported, type Office, type Version } from "./client";
import { Listing } from "./listing";
import "./office-form";
import { fieldsOf, Panel } from "./panel";

const EMPTY: Office = { id: "", name: "", lat: 59.9, lon: 10.7, languages: ["nb", "en"], theme: "dark", destinations: [] };

export class OfficesPanel extends Panel {
  static override properties: PropertyDeclarations = {
    ...Panel.properties,
    edited: { state: true },
    isNew: { state: true },
    history: { state: true },
    planned: { state: true },
    imported: { state: true },
  };

  declare edited: Office | null;
  declare isNew: boolean;
  /** The versions of one office, while they are looked at. */
  declare history: { id: string; versions: Version[] } | null;
  /** What a file would change. */
  declare planned: { format: FileFormat; text: string; offices: Imported[] } | null;
  /** The import that was just made: it can be undone as a whole. */
  declare imported: string | null;
  private readonly offices = new Listing<Office>(this, (query) => this.client.listOffices(query));

  constructor() {
    super();
    this.edited = null;
    this.isNew = false;
    this.history = null;
    this.planned = null;
    this.imported = null;
  }

  protected override async load(): Promise<void> {
    await this.offices.load();
  }

  protected override render(): TemplateResult {
    const { own } = this;
    if (this.edited) {
      return html`<sr-office-form .client=${this.client} .office=${this.edited} .isNew=${this.isNew} @sr-left=${this.left}></sr-office-form>`;
    }
    return html`<div class="row">
        ${this.may("admin") ? html`<button class="main" @click=${() => this.edit(EMPTY, true)}>${own.newOffice}</button>` : nothing}
      </div>
      ${this.renderTold()}
      ${this.imported && this.may("admin")
        ? html`<p class="row"><button class="undo-import" @click=${() => this.undoImport(this.imported!)}>${own.undoImport}</button></p>`
        : nothing}
      ${this.offices.render((office) => this.renderOffice(office), own.sections.offices, own.noOffices)} ${this.renderFiles()}`;
  }

  private renderOffice(office: Office): TemplateResult {
    const { own } = this;
    return html`<li class="card" data-office=${office.id}>
      <div class="row"><strong>${office.name}</strong><code>${office.id}</code></div>
      <p class="soft">${office.destinations.map((place) => place.name).join(" · ")}</p>
      ${(office.warnings ?? []).map((warning) => html`<p class="warning">${warning}</p>`)}
      <div class="row actions">
        ${this.may("partner") ? html`<button class="edit" @click=${() => this.edit(office, false)}>${own.edit}</button>` : nothing}
        <a class="button" href="/office/${encodeURIComponent(office.id)}">${own.openScreen}</a>
        <button class="history" @click=${() => this.look(office.id)}>${own.history}</button>
        ${this.may("admin") ? html`<button class="danger" @click=${() => this.removeOffice(office)}>${own.remove}</button>` : nothing}
      </div>
      ${this.history?.id === office.id ? this.renderHistory(this.history.versions) : nothing}
    </li>`;
  }

  private renderHistory(versions: Version[]): TemplateResult {
    const { own } = this;
    const [newest] = versions;
    if (!newest) return html`<p class="soft">${own.neverChanged}</p>`;
    return html`<ol class="versions">
        ${versions.map(
          (version, index) => html`<li>
            <span>${version.version} · ${wallDay(version.at)} ${wallTime(version.at)} · ${version.by}</span>
            <span class="soft">${changedIn(version, versions[index + 1] ?? null)}${version.import_id ? html` · ${own.byImport}` : nothing}</span>
          </li>`,
        )}
      </ol>
      <p class="row">
        ${this.may("partner") ? html`<button class="undo" @click=${this.undo}>${own.undo}</button>` : nothing}
        ${newest.import_id && this.may("admin")
          ? html`<button class="undo-import" @click=${() => this.undoImport(newest.import_id!)}>${own.undoImport}</button>`
          : nothing}
      </p>`;
  }

  private renderFiles(): TemplateResult {
    const { own, planned } = this;
    return html`<section class="card files">
      <h2>${own.files}</h2>
      <p class="row">
        ${FORMATS.map((format) => html`<button @click=${() => this.save(format)}>${own.exportAs(format.toUpperCase())}</button>`)}
      </p>
      ${this.may("admin")
        ? html`<form class="fields" @submit=${this.plan}>
            <label><span>${own.importFile}</span><input name="file" type="file" required accept=".json,.toml,.csv" /></label>
            <button>${own.lookFirst}</button>
          </form>`
        : nothing}
      ${planned
        ? html`<ul class="planned">
              ${planned.offices.map((office) => html`<li>${own.changes[office.change]}: ${office.name} <code>${office.id}</code></li>`)}
            </ul>
            <button class="main import" @click=${this.import}>${own.importNow}</button>`
        : nothing}
    </section>`;
  }

  private edit(office: Office, isNew: boolean): void {
    this.edited = office;
    this.isNew = isNew;
    this.problem = null;
    this.word = "";
  }

  private readonly left = (event: CustomEvent<boolean>): void => {
    this.edited = null;
    if (event.detail) void this.act(() => this.load(), this.own.saved);
  };

  private async look(id: string): Promise<void> {
    if (this.history?.id === id) {
      this.history = null;
      return;
    }
    await this.act(async () => {
      this.history = { id, versions: await this.client.listVersions(id) };
    });
  }

  private readonly undo = async (): Promise<void> => {
    const { history } = this;
    if (!history) return;
    await this.act(async () => {
      this.history = { id: history.id, versions: await this.client.undo(history.id) };
      await this.load();
    }, this.own.undone);
  };

  private async undoImport(id: string): Promise<void> {
    await this.act(async () => {
      await this.client.undoImport(id);
      this.imported = null;
      this.history = null;
      await this.load();
    }, this.own.undone);
  }

  private async save(format: FileFormat): Promise<void> {
    await this.act(async () => {
      const text = await this.client.exportOffices(format);
      const link = document.createElement("a");
      link.href = URL.createObjectURL(new Blob([text], { type: "text/plain;charset=utf-8" }));
      link.download = `offices.${format}`;
      link.click();
      URL.revokeObjectURL(link.href);
    });
  }

  private readonly plan = async (event: Event): Promise<void> => {
    fieldsOf(event);
    const file = (event.target as HTMLFormElement).querySelector<HTMLInputElement>("input[type=file]")?.files?.[0];
    if (!file) return;
    this.planned = null;
    await this.act(async () => {
      const format = FORMATS.find((one) => file.name.toLowerCase().endsWith(one)) ?? "json";
      const text = await file.text();
      this.planned = { format, text, offices: (await this.client.importOffices(format, text, true)).offices };
    });
  };

  private readonly import = async (): Promise<void> => {
    const { planned } = this;
    if (!planned) return;
    await this.act(async () => {
      const done = await this.client.importOffices(planned.format, planned.text, false);
      this.planned = null;
      this.imported = done.import_id ?? null;
      await this.load();
    }, this.own.saved);
  };

  private async removeOffice(office: Office): Promise<void> {
    if (!confirm(this.own.sureRemove(office.name))) return;
    await this.act(async () => {
      await this.client.deleteOffice(office.id);
      await this.load();
    });
  }
}

/** Which settings a version has otherwise than the one before it. */
function changedIn(version: Version, before: Version | null): string {
  const [now, then] = [version.office ?? {}, before?.office ?? {}] as Record<string, unknown>[];
  return Object.keys({ ...now, ...then })
    .filter((name) => JSON.stringify(now?.[name]) !== JSON.stringify(then?.[name]))
    .join(", ");
}

customElements.define("sr-admin-offices", OfficesPanel);
