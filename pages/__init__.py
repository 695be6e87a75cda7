"""Screens: plain functions of a viewer and the services. `SCREENS` in pages/screens.py is menu, routing and guard."""
