"""The demo's feeder: now and then new vendor and blotter files, plainly marked as demo.

It writes files in the systems' own formats into the inbox and nothing else; whatever happens then
is the ordinary pipeline. Off with HELIO_DEMO_FEED=0.
"""
