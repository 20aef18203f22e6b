import { describe, expect, it } from 'vitest';
import { bodyColumns } from './case-columns.js';

/**
 * The digest of a stored row covers it up to its last value, in the order of the columns. A new field must therefore stand
 * behind all others: anywhere else the same event, sent again after an upgrade, would look like a conflict.
 */
const inOrder = {
  police:
    'category sub_category is_preventable is_emergency area_class reported_at dispatched_at arrived_at feedback_at ' +
    'closed_at case_status injured deaths loss_amount fraud_intercepted prior_case_ref linked_dispute_id warned dissuaded',
  petition:
    'petition_type channel is_first repeat_of group_size level_received competent_level registered_at transferred_at ' +
    'accept_notified_at accepted_at due_at extended_to closed_at reply_at objection_at outcome satisfaction ' +
    'review_requested_at review_decided_at recheck_requested_at recheck_decided_at is_backlog resolved department',
  mediation:
    'dispute_type found_by docking_channel level mediator_unit accepted_at closed_at result agreement_form ' +
    'perform_due_at performed_at follow_up_at follow_up_result recurrence_of risk_level police_alerted_at ' +
    'turned_criminal_case_id turned_criminal_at grid_id event_type due_at returned hazard_type found_at fixed_at ' +
    'valid_reports zero_report_at visit_group planned done unit_kind unit_id category is_compliant is_three_zero colour ' +
    'asked felt_safe issued_at duty done_at expected signed kind deaths case_ref',
  opinion:
    'topic sentiment level heat is_false_rumour needs_response discovered_at verified_at first_response_at closed_at ' +
    'peak_level secondary_of',
};

describe('bodyColumns', () => {
  it.each(Object.entries(inOrder))('%s: later columns stand behind earlier ones', (stream, names) => {
    const columns = bodyColumns[stream as keyof typeof inOrder].map(({ name }) => name);
    const known = names.split(' ');
    expect(columns.slice(0, known.length)).toEqual(known);
  });
});
