// Twilio neither orders nor dates its callbacks: a status replaces only what ranks lower. The first final wins, and
// `read` comes after `delivered`.
const RANKS = {
  scheduled: 10,
  accepted: 10,
  queued: 20,
  sending: 30,
  sent: 40,
  delivered: 50,
  undelivered: 60,
  failed: 60,
  canceled: 60,
  read: 60,
};

export const rankOf = (status) => RANKS[status] ?? 0;

/** What a stored rank must be below for this status to replace it. */
export const ceilingOf = (status) => (status === "read" ? 60 : Math.min(rankOf(status), 50));

export function nodeOf(status) {
  if (status === "delivered" || status === "read") {
    return "Final";
  }
  return rankOf(status) >= 50 ? "Escalation" : "Waiting for Callback";
}
