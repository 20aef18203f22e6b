import { z } from 'zod';
import { caseId, deadline, moment, shortText, unitRef } from './primitives.js';
import { recordType } from './record-type.js';

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
export const mediationDispute = recordType({
  schema: 'mediation.dispute/1',
  name: '矛盾纠纷',
  stream: 'mediation',
  body: z.object({
    dispute_type: z.enum(disputeTypes),
    found_by: z.enum(['sweep', 'application', 'transfer']).optional(),
    docking_channel: z.enum(['court', 'police', 'procuratorate', 'petition', 'arbitration', 'specialised']).optional(),
    level: z.enum(['village', 'township', 'county']).optional(),
    mediator_unit: shortText.optional(),
    accepted_at: moment,
    closed_at: moment.optional(),
    result: z.enum(['agreed', 'failed', 'withdrawn']).optional(),
    agreement_form: z.enum(['oral', 'written', 'judicially_confirmed']).optional(),
    perform_due_at: deadline.optional(),
    performed_at: moment.optional(),
    follow_up_at: moment.optional(),
    follow_up_result: z.enum(['kept', 'relapsed', 'unreachable']).optional(),
    recurrence_of: caseId.optional(),
    risk_level: z.enum(['low', 'medium', 'high']).optional(),
    police_alerted_at: moment.optional(),
    turned_criminal_case_id: caseId.optional(),
    turned_criminal_at: moment.optional(),
  }),
  timeOrders: [
    ['accepted_at', 'closed_at'],
    ['closed_at', 'performed_at'],
    ['accepted_at', 'turned_criminal_at'],
  ],
  together: [
    ['turned_criminal_case_id', 'turned_criminal_at'],
    ['result', 'closed_at'],
  ],
});

/** 网格事项. `due_at` is the county's limit for this kind of item. */
export const mediationGridEvent = recordType({
  schema: 'mediation.grid_event/1',
  name: '网格事项',
  stream: 'mediation',
  body: z.object({
    grid_id: unitRef.optional(),
    event_type: shortText.optional(),
    accepted_at: moment,
    due_at: deadline,
    closed_at: moment.optional(),
    returned: z.boolean().optional(),
  }),
  timeOrders: [
    ['accepted_at', 'due_at'],
    ['accepted_at', 'closed_at'],
  ],
});

/** 隐患. */
export const mediationHazard = recordType({
  schema: 'mediation.hazard/1',
  name: '隐患',
  stream: 'mediation',
  body: z.object({
    hazard_type: shortText.optional(),
    found_at: moment,
    due_at: deadline,
    fixed_at: moment.optional(),
  }),
  timeOrders: [
    ['found_at', 'due_at'],
    ['found_at', 'fixed_at'],
  ],
});

const total = z.int().min(0).max(1_000_000);

/** 网格月报: one grid in one month. A month without anything to report counts when its zero report was signed. */
export const mediationGridMonth = recordType({
  schema: 'mediation.grid_month/1',
  name: '网格月报',
  stream: 'mediation',
  body: z.object({
    grid_id: unitRef,
    valid_reports: total,
    zero_report_at: moment.optional(),
  }),
});

/** 重点人群走访: planned and done visits of one month as departments report them; no person is recorded. */
export const mediationKeyGroupVisits = recordType({
  schema: 'mediation.key_group_visits/1',
  name: '重点人群走访',
  stream: 'mediation',
  body: z.object({
    visit_group: z.enum(['mental_health', 'community_correction', 'released', 'left_behind', 'other']),
    planned: total,
    done: total,
  }),
  parts: [['done', 'planned']],
});
