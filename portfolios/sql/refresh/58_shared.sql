-- Purpose: lets a second process take half of the portfolios where everything is valued again. The
--          planner counts what a function costs once and not for each portfolio, so that it must be
--          told that sharing is free. A few days of everybody are quicker alone.

SET LOCAL min_parallel_table_scan_size = 0;

SET LOCAL parallel_setup_cost = 0;

SET LOCAL parallel_tuple_cost = 0;
