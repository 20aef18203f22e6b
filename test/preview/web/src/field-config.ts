import {
  booleanOverrideProcessor,
  dataLinksOverrideProcessor,
  displayNameOverrideProcessor,
  type FieldConfigEditorBuilder,
  type FieldConfigPropertyItem,
  identityOverrideProcessor,
  numberOverrideProcessor,
  standardFieldConfigEditorRegistry,
  stringOverrideProcessor,
  thresholdsOverrideProcessor,
  unitOverrideProcessor,
  valueMappingsOverrideProcessor,
} from '@grafana/data';

type Process = FieldConfigPropertyItem['process'];

/** Grafana's own list of options is not on npm; these are the ones that the dashboards use, with Grafana's processors. */
const standard: [id: string, process: Process][] = [
  ['displayName', displayNameOverrideProcessor as Process],
  ['unit', unitOverrideProcessor as Process],
  ['min', numberOverrideProcessor as Process],
  ['max', numberOverrideProcessor as Process],
  ['decimals', numberOverrideProcessor as Process],
  ['noValue', stringOverrideProcessor as Process],
  ['color', identityOverrideProcessor],
  ['thresholds', thresholdsOverrideProcessor as Process],
  ['mappings', valueMappingsOverrideProcessor as Process],
  ['links', dataLinksOverrideProcessor as Process],
  ['filterable', booleanOverrideProcessor as Process],
];

export function registerFieldConfig(): void {
  standardFieldConfigEditorRegistry.setInit(() =>
    standard.map(([id, process]) => ({
      id,
      path: id,
      name: id,
      process,
      editor: () => null as never,
      override: () => null as never,
      shouldApply: () => true,
    })),
  );
}

/** Options of a panel's own, kept as they are. */
export function customOptions(...names: string[]): (builder: FieldConfigEditorBuilder<never>) => void {
  return (builder) => {
    for (const name of names) {
      builder.addCustomEditor({
        id: name,
        path: name as never,
        name,
        editor: () => null as never,
        override: () => null as never,
        process: identityOverrideProcessor,
        shouldApply: () => true,
      });
    }
  };
}
