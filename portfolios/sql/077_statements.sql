-- Purpose: facts that lost effect with their mapping ended then: their source stands by them no more.
-- Grain:   one row per fact that was closed and has no later version.
-- Owner:   helio_owner, who may see facts for the length of this file only.

CREATE POLICY back_fill ON price TO helio_owner USING (true);
CREATE POLICY back_fill ON index_weight TO helio_owner USING (true);
CREATE POLICY back_fill ON corporate_action TO helio_owner USING (true);
CREATE POLICY back_fill ON custody_holding TO helio_owner USING (true);
CREATE POLICY back_fill ON custody_posting TO helio_owner USING (true);

UPDATE price AS t SET ended_at = t.known_to
 WHERE t.known_to IS NOT NULL
   AND NOT EXISTS (SELECT FROM price AS l
                    WHERE l.listing_id = t.listing_id AND l.priced_on = t.priced_on AND l.revision > t.revision);

UPDATE index_weight AS t SET ended_at = t.known_to
 WHERE t.known_to IS NOT NULL
   AND NOT EXISTS (SELECT FROM index_weight AS l
                    WHERE l.benchmark_id = t.benchmark_id AND l.listing_id = t.listing_id AND l.known_from > t.known_from);

UPDATE corporate_action AS t SET ended_at = t.known_to
 WHERE t.known_to IS NOT NULL
   AND NOT EXISTS (SELECT FROM corporate_action AS l
                    WHERE l.listing_id = t.listing_id AND l.kind = t.kind
                      AND l.effective_on = t.effective_on AND l.known_from > t.known_from);

UPDATE custody_holding AS t SET ended_at = t.known_to
 WHERE t.known_to IS NOT NULL
   AND NOT EXISTS (SELECT FROM custody_holding AS l
                    WHERE l.portfolio_id = t.portfolio_id AND l.account = t.account
                      AND l.listing_id = t.listing_id AND l.as_at = t.as_at AND l.known_from > t.known_from);

UPDATE custody_posting SET ended_at = known_to WHERE known_to IS NOT NULL;

DROP POLICY back_fill ON price;
DROP POLICY back_fill ON index_weight;
DROP POLICY back_fill ON corporate_action;
DROP POLICY back_fill ON custody_holding;
DROP POLICY back_fill ON custody_posting;

-- The worker may say from when on a source no longer stands by what it stated.
GRANT UPDATE (ended_at) ON price, fx_fixing, index_level, index_weight, corporate_action,
    custody_holding, custody_posting TO helio_worker;
