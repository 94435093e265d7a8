import { type ElementPart, noChange, type Part } from "lit";
import { Directive, directive, type PartInfo, PartType } from "lit/directive.js";

/** Style properties set through the object model: a strict content policy forbids style attributes. */
class Paint extends Directive {
  constructor(part: PartInfo) {
    super(part);
    if (part.type !== PartType.ELEMENT) throw new Error("paint() stands among the attributes of an element");
  }

  override render(_properties: Record<string, string>): typeof noChange {
    return noChange;
  }

  override update(part: Part, [properties]: [Record<string, string>]): typeof noChange {
    const { style } = (part as ElementPart).element as HTMLElement;
    for (const [name, value] of Object.entries(properties)) {
      if (style.getPropertyValue(name) !== value) style.setProperty(name, value);
    }
    return noChange;
  }
}

export const paint = directive(Paint);
