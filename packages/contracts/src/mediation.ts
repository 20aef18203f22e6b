import { z } from 'zod';
import { caseId, moment, shortText, unitRef } from './primitives.js';

/** The fifteen dispute types of a real county table. */
export const disputeTypes = [
  'marriage_family_inheritance',
  'neighbour',
  'housing_homestead',
  'damage_compensation',
  'contract',
  'mountain_forest_land',
  'expropriation_demolition',
  'labour',
  'village_affairs',
  'environment',
  'road_traffic',
  'medical',
  'property_management',
  'consumer',
  'other',
] as const;

/** 矛盾纠纷. */
export const mediationDisputeBody = z.object({
  dispute_type: z.enum(disputeTypes),
  found_by: z.enum(['sweep', 'application', 'transfer']).optional(),
  docking_channel: z.enum(['court', 'police', 'procuratorate', 'petition', 'arbitration', 'specialised']).optional(),
  level: z.enum(['village', 'township', 'county']).optional(),
  mediator_unit: shortText.optional(),
  accepted_at: moment,
  closed_at: moment.optional(),
  result: z.enum(['agreed', 'failed', 'withdrawn']).optional(),
  agreement_form: z.enum(['oral', 'written', 'judicially_confirmed']).optional(),
  perform_due_at: moment.optional(),
  performed_at: moment.optional(),
  follow_up_at: moment.optional(),
  follow_up_result: z.enum(['kept', 'relapsed', 'unreachable']).optional(),
  recurrence_of: caseId.optional(),
  risk_level: z.enum(['low', 'medium', 'high']).optional(),
  police_alerted_at: moment.optional(),
  turned_criminal_case_id: caseId.optional(),
  turned_criminal_at: moment.optional(),
});

/** 网格事项. `due_at` is the county's limit for this kind of item. */
export const gridEventBody = z.object({
  grid_id: unitRef.optional(),
  event_type: shortText.optional(),
  accepted_at: moment,
  due_at: moment,
  closed_at: moment.optional(),
  returned: z.boolean().optional(),
});

/** 隐患. */
export const hazardBody = z.object({
  hazard_type: shortText.optional(),
  found_at: moment,
  due_at: moment,
  fixed_at: moment.optional(),
});

const total = z.int().min(0).max(1_000_000);

/** 网格月报: one grid in one month. A month without anything to report counts when its zero report was signed. */
export const gridMonthBody = z.object({
  grid_id: unitRef,
  valid_reports: total,
  zero_report_at: moment.optional(),
});

/** 重点人群走访: planned and done visits of one month as departments report them; no person is recorded. */
export const keyGroupVisitsBody = z.object({
  visit_group: z.enum(['mental_health', 'community_correction', 'released', 'left_behind', 'other']),
  planned: total,
  done: total,
});
