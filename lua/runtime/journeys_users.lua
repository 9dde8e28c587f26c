-- Virtual users with journeys: who loses a request has failed the one at hand.
do
  local set_up, take, lose = setup, take_shared, count_unmet

  function setup(thread)
    share_journeys(thread)
    set_up(thread)
  end

  take_shared = function()
    take()
    take_journeys()
  end

  count_unmet = function(i)
    lose(i)
    if current > SETUP_STEPS and i == #unmet_name[current] then count_journey(tour.at, false) end
  end
end
