-- Purpose: lets two processes share the portfolios where everything is valued again. The planner counts
--          what a function costs once and not for each portfolio, so that it must be told that sharing
--          is free. This one only takes their rows: while it valued some itself, the others waited for
--          it with full queues (20 s instead of 14 for ten million positions, 17 to 21 alone).
--          A few days of everybody are quicker without.

SET LOCAL max_parallel_workers_per_gather = 2;

SET LOCAL parallel_leader_participation = off;

SET LOCAL min_parallel_table_scan_size = 0;

SET LOCAL parallel_setup_cost = 0;

SET LOCAL parallel_tuple_cost = 0;
