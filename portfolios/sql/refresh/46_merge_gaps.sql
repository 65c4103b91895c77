-- Purpose: from when on the replayed books have no figures, and why; where that is another
--          day now, changed_activity says from when its days are computed again. A book that is whole
--          again has no gap.
-- Grain:   portfolio_gap: one row per portfolio whose figures are unknown from a day on.

WITH gone AS (
    DELETE FROM portfolio_gap g USING work_portfolio w
     WHERE g.portfolio_id = w.portfolio_id
       AND NOT EXISTS (SELECT FROM fresh_gap f WHERE f.portfolio_id = g.portfolio_id)
    RETURNING g.portfolio_id, g.from_on
), put AS (
    INSERT INTO portfolio_gap AS g (portfolio_id, from_on, reason)
    SELECT portfolio_id, from_on, reason FROM fresh_gap
        ON CONFLICT (portfolio_id) DO UPDATE SET from_on = excluded.from_on, reason = excluded.reason
         WHERE (g.from_on, g.reason) IS DISTINCT FROM (excluded.from_on, excluded.reason)
    RETURNING g.portfolio_id, g.from_on
)
INSERT INTO changed_activity (portfolio_id, from_on)
SELECT portfolio_id, from_on FROM gone
UNION ALL
SELECT portfolio_id, from_on FROM put;
